package seal

import (
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// keys are a keyset, ready to be used.
type keys struct {
	aead    tink.AEAD
	status  map[uint32]keyset.KeyStatus
	primary uint32
}

func keysOf(handle *keyset.Handle) (*keys, error) {
	if handle.Len() == 0 {
		return nil, &KeysetError{Reason: "it has no keys"}
	}
	k := &keys{status: map[uint32]keyset.KeyStatus{}, primary: handle.KeysetInfo().GetPrimaryKeyId()}
	for i, info := range handle.KeysetInfo().GetKeyInfo() {
		entry, err := handle.Entry(i)
		if err != nil {
			return nil, &KeysetError{Reason: "its keys can't be listed", Err: err}
		}
		if entry.KeyStatus() == keyset.Enabled && info.GetOutputPrefixType() != tinkpb.OutputPrefixType_TINK {
			return nil, &KeysetError{Reason: fmt.Sprintf("its key %d has not the output prefix TINK", entry.KeyID())}
		}
		k.status[entry.KeyID()] = entry.KeyStatus()
	}
	var err error
	if k.aead, err = aead.New(handle); err != nil {
		return nil, &KeysetError{Reason: "its keys are not all AEAD keys", Err: err}
	}
	return k, nil
}

// NewKeyset makes a keyset of one new key, AES-256-GCM.
func NewKeyset() (*keyset.Handle, error) {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, &KeysetError{Reason: "no key could be made", Err: err}
	}
	return handle, nil
}

// Rotate returns a keyset with a new key, AES-256-GCM, that seals from now on, beside
// those of old, which stays as it is. The last of [keyset.Handle.Entry] is the new one.
func Rotate(old *keyset.Handle) (*keyset.Handle, error) {
	if _, err := keysOf(old); err != nil {
		return nil, err
	}
	m := keyset.NewManagerFromHandle(old)
	id, err := m.Add(aead.AES256GCMKeyTemplate())
	if err == nil {
		err = m.SetPrimary(id)
	}
	if err != nil {
		return nil, &KeysetError{Reason: "no key could be made", Err: err}
	}
	return m.Handle()
}
