// Package seal encrypts requests for a journal: [dispatch.Config] takes its [Sealer].
// With one, payouts that were not sent yet go on after a restart, or in another
// process; without, they wait until their requests are submitted again.
//
// It is AEAD by Tink, with keys in a Tink keyset: Seal uses the primary key, Open
// whichever enabled key sealed. A sealed text is bound to its payout's reference, and
// opens for no other.
//
// # Where the keyset comes from
//
// From a function, see [Load]: that is the place for a key management service, whose
// key wraps the keyset, so that the file or variable that holds it is of no use to who
// finds it, and each reading is in the service's log:
//
//	func(ctx context.Context) (*keyset.Handle, error) {
//		f, err := os.Open("/etc/payout/keyset.wrapped.json")
//		if err != nil {
//			return nil, err
//		}
//		defer f.Close()
//		return keyset.ReadWithContext(ctx, keyset.NewJSONReader(f), kms, []byte("payout journal"))
//	}
//
// kms is the [tink.AEADWithContext] of the service's own module. Or from a file in
// clear, see [File], which whoever can read the file can use. In no case from beside
// the journal: a backup that holds both seals nothing.
//
// # Rotation
//
// [Rotate] adds a key and makes it primary; what older keys sealed still opens. Store
// the new keyset where the function finds it, and call [Sealer.Reload] in every
// process. One that is late reads it by itself when it meets a key that it does not
// know. With [Each], [PerPayout.Rewrap] then seals the payouts' keys anew; requests stay
// as they are. A key of AES-256-GCM is good for 2^32 texts; a year is a usual time.
//
// # Erasing
//
// To erase a person is to destroy the key that the requests were sealed with. References,
// fingerprints and outcomes are not sealed, and stay.
//
// With [Each], each payout's request has a key of its own, which the keyset seals, kept
// in a [KeyStore]: erasing one is one row. It reaches as far as the keys do. A backup
// that holds both requests and keys forgets nothing, so keep the keys apart, in a second
// file or database, and its backups for a shorter time: once the last one that has a key
// is gone, no backup of the journal gives the request back. [PerPayout.EraseEnded]
// destroys the keys of payouts that have ended, whose requests nobody needs.
//
// Without Each one key seals for many: take it out of the keyset
// ([keyset.Manager.Delete]), wherever there are copies, and reload. Open then fails with
// a [*KeyError]. A platform that erases so rotates often, and destroys the keys of what
// has ended. What was not sent by then is tried until its deadline, since the key may be
// in another keyset; of one that the keyset marks DESTROYED it is certain, and its payout
// waits for its request, as it does with Each.
//
// Sealed texts show how long the texts are, and which key sealed them.
package seal
