package blob

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

func open(t *testing.T) *Store {
	t.Helper()
	s, err := Open(filepath.Join(t.TempDir(), "files"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func sumOf(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:])
}

func TestPutNamesAFileByItsContent(t *testing.T) {
	t.Parallel()
	s := open(t)
	for range 2 { // the same content twice is one file
		sum, size, err := s.Put(strings.NewReader("a letter"))
		if err != nil || sum != sumOf("a letter") || size != 8 {
			t.Fatalf("Put = %q, %d, %v", sum, size, err)
		}
	}
	b, err := s.Bytes(sumOf("a letter"), 8)
	if err != nil || string(b) != "a letter" {
		t.Errorf("Bytes = %q, %v", b, err)
	}
	if list, _ := os.ReadDir(s.path("tmp")); len(list) != 0 {
		t.Errorf("%d half-written files left", len(list))
	}
}

func TestBrokenReaderLeavesNothing(t *testing.T) {
	t.Parallel()
	s := open(t)
	broken := io.MultiReader(strings.NewReader("half"), iotest.ErrReader(errors.New("cut")))
	if _, _, err := s.Put(broken); err == nil {
		t.Fatal("Put took half a file")
	}
	if _, err := s.Get(sumOf("half")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Get = %v, want not exist", err)
	}
	if list, _ := os.ReadDir(s.path("tmp")); len(list) != 0 {
		t.Errorf("%d half-written files left", len(list))
	}
}

func TestGetRefusesWhatIsNoSum(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, sum := range []string{"", "../../etc/passwd", strings.Repeat("A", 64), strings.Repeat("a", 63), sumOf("absent")} {
		if _, err := s.Get(sum); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Get(%q) = %v, want not exist", sum, err)
		}
	}
}

func TestBytesRefusesMoreThanAllowed(t *testing.T) {
	t.Parallel()
	s := open(t)
	sum, _, err := s.Put(strings.NewReader("123456"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Bytes(sum, 5); !errors.Is(err, ErrTooBig) {
		t.Errorf("Bytes = %v, want too big", err)
	}
}

func TestUploadGoesOnWhereItBroke(t *testing.T) {
	t.Parallel()
	s := open(t)
	cut := io.MultiReader(strings.NewReader("one "), iotest.ErrReader(io.ErrUnexpectedEOF))
	end, err := s.WriteAt("up1", 0, cut, 100)
	if end != 4 || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatalf("first part: %d, %v", end, err)
	}
	if end, err = s.WriteAt("up1", 4, strings.NewReader("two"), 100); end != 7 || err != nil {
		t.Fatalf("second part: %d, %v", end, err)
	}
	if end, err = s.WriteAt("up1", 4, strings.NewReader("three"), 100); end != 9 || err != nil {
		t.Fatalf("second part again: %d, %v", end, err)
	}
	sum, size, err := s.Finish("up1")
	if err != nil || size != 9 || sum != sumOf("one three") {
		t.Errorf("Finish = %q, %d, %v", sum, size, err)
	}
	if size, err := s.UploadSize("up1"); size != 0 || err != nil {
		t.Errorf("after Finish: %d, %v", size, err)
	}
}

func TestUploadIsRefused(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		id     string
		offset int64
		bytes  string
		want   error
	}{
		{"with a gap", "a1", 1, "x", ErrGap},
		{"before its start", "a1", -1, "x", ErrGap},
		{"over the limit", "a1", 0, strings.Repeat("x", 11), ErrTooBig},
		{"under a path", "../a", 0, "x", ErrName},
		{"without a name", "", 0, "x", ErrName},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := open(t).WriteAt(tt.id, tt.offset, strings.NewReader(tt.bytes), 10); !errors.Is(err, tt.want) {
				t.Errorf("WriteAt = %v, want %v", err, tt.want)
			}
		})
	}
}

func TestOneWriterAtATimeHasAnUpload(t *testing.T) {
	t.Parallel()
	s := open(t)
	asked := false
	inner := readerFunc(func([]byte) (int, error) {
		asked = true
		if _, err := s.WriteAt("up", 0, bytes.NewReader(nil), 9); !errors.Is(err, ErrBusy) {
			t.Errorf("second writer: %v, want busy", err)
		}
		return 0, io.EOF
	})
	if _, err := s.WriteAt("up", 0, inner, 9); err != nil || !asked {
		t.Fatalf("first writer: %v", err)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }

func TestOpenClearsWhatADeadProcessLeft(t *testing.T) {
	t.Parallel()
	s := open(t)
	if _, err := s.New(); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"old", "young"} {
		if _, err := s.WriteAt(id, 0, strings.NewReader("x"), 9); err != nil {
			t.Fatal(err)
		}
	}
	long := time.Now().Add(-uploadLife - time.Hour)
	if err := os.Chtimes(s.path("upload", "old"), long, long); err != nil {
		t.Fatal(err)
	}
	again, err := Open(s.dir)
	if err != nil {
		t.Fatal(err)
	}
	left := map[string]int64{}
	for _, id := range []string{"old", "young"} {
		left[id], _ = again.UploadSize(id)
	}
	list, _ := os.ReadDir(s.path("tmp"))
	if len(list) != 0 || left["old"] != 0 || left["young"] != 1 {
		t.Errorf("left: %d half-written, uploads %v", len(list), left)
	}
}
