package mail

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"aparte/internal/connector"
)

// cursor is how far a mailbox has been listed.
type cursor struct {
	Validity uint32 `json:"validity"`
	Last     uint32 `json:"last"`             // the highest UID that was listed
	Began    int64  `json:"began,omitempty"`  // Unix second before which nothing is taken; 0 for everything
	Looked   int64  `json:"looked,omitempty"` // Unix second of the last look, to the day
}

const day = 24 * time.Hour

// readCursor reads what String wrote. What is no cursor of ours is none: the
// mailbox begins anew.
func readCursor(text connector.Cursor) cursor {
	var c cursor
	if json.Unmarshal([]byte(text), &c) != nil || c.Began < 0 || c.Looked < 0 {
		return cursor{}
	}
	return c
}

func (c cursor) text() connector.Cursor {
	b, err := json.Marshal(c)
	if err != nil {
		panic("a cursor of numbers is no JSON: " + err.Error())
	}
	return connector.Cursor(b)
}

// at notes the day of a look; to the day, so that a quiet mailbox has the same
// cursor from one look to the next.
func (c cursor) at(now time.Time) cursor {
	c.Looked = now.UTC().Truncate(day).Unix()
	return c
}

// key names a message within its account for ever.
type key struct {
	folder   string
	validity uint32
	uid      uint32
}

func (k key) String() string {
	return fmt.Sprintf("%s/%d/%d", url.PathEscape(k.folder), k.validity, k.uid)
}

func readKey(s string) (key, error) {
	parts := strings.Split(s, "/")
	if len(parts) != 3 {
		return key{}, fmt.Errorf("a mail item has a key of three parts, and not %d", len(parts))
	}
	folder, err1 := url.PathUnescape(parts[0])
	validity, err2 := strconv.ParseUint(parts[1], 10, 32)
	uid, err3 := strconv.ParseUint(parts[2], 10, 32)
	if err1 != nil || err2 != nil || err3 != nil || uid == 0 {
		return key{}, fmt.Errorf("a mail item's key cannot be read")
	}
	return key{folder: folder, validity: uint32(validity), uid: uint32(uid)}, nil
}
