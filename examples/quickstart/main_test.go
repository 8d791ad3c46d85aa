package main

func Example() {
	main()
	// Output: order-1001 1500.00 RUB card ******1111 paid
}
