package mailroom

import (
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/google/go-cmp/cmp"
)

func inject(t *testing.T, r *Room, subjects ...string) {
	t.Helper()
	for _, s := range subjects {
		if err := r.Inject(desk, mailFrom(carrier, desk, s)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestIdlePushesNewMail(t *testing.T) {
	t.Parallel()
	r := world(t, Config{})
	m := openMailbox(t, r, desk)
	m.open(t, Inbox)
	idle, err := m.Idle()
	if err != nil {
		t.Fatal(err)
	}
	for want := uint32(1); want <= 5; want++ {
		began := time.Now()
		mustSubmit(t, r, carrier, mailFrom(carrier, desk, "push"), desk)
		if got := next(t, m.exists); got != want {
			t.Fatalf("EXISTS %d, want %d", got, want)
		}
		t.Logf("accepted and pushed in %v", time.Since(began))
	}
	if err := idle.Close(); err != nil {
		t.Fatal(err)
	}
	if err := idle.Wait(); err != nil {
		t.Fatal(err)
	}
}

// TestMailBetweenCommandAndIdleIsPushed delivers at the very moment between the
// two, many times: where the wake-up is lost, the last mail is never told.
func TestMailBetweenCommandAndIdleIsPushed(t *testing.T) {
	t.Parallel()
	r := world(t, Config{})
	m := openMailbox(t, r, desk)
	m.open(t, Inbox)
	for want := uint32(1); want <= 50; want++ {
		delivered := make(chan error, 1)
		go func() { delivered <- r.Inject(desk, mailFrom(carrier, desk, "gap")) }()
		idle, err := m.Idle()
		if err != nil {
			t.Fatal(err)
		}
		if err := <-delivered; err != nil {
			t.Fatal(err)
		}
		for got := uint32(0); got < want; {
			got = next(t, m.exists)
		}
		if err := idle.Close(); err != nil {
			t.Fatal(err)
		}
		if err := idle.Wait(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestMailBeforeIdleIsPushedAtOnce is the plain case of the lost wake-up: the
// mail is there before IDLE begins, and no other follows.
func TestMailBeforeIdleIsPushedAtOnce(t *testing.T) {
	t.Parallel()
	r := world(t, Config{})
	m := openMailbox(t, r, desk)
	m.open(t, Inbox)
	inject(t, r, "early")
	if _, err := m.Idle(); err != nil {
		t.Fatal(err)
	}
	if got := next(t, m.exists); got != 1 {
		t.Errorf("EXISTS %d, want 1", got)
	}
}

func TestFetchIsByteExactAndPeekLeavesUnseen(t *testing.T) {
	t.Parallel()
	r := world(t, Config{})
	odd := []byte("From the edge\r\nno colon here\r\nSubject: odd\r\n\r\nbody with bare \n and \x00 and \xff\r\n")
	if _, err := r.Append(desk, Inbox, odd, false); err != nil {
		t.Fatal(err)
	}
	m := openMailbox(t, r, desk)
	m.open(t, Inbox)
	got, err := m.whole(imap.UIDSetNum(1))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(odd), string(got[0].BodySection[0].Bytes)); diff != "" {
		t.Errorf("bytes (-want +got):\n%s", diff)
	}
	if r.Messages(desk, Inbox)[0].Seen {
		t.Error("PEEK marked it seen")
	}
	partial := &imap.FetchItemBodySection{Peek: true, Partial: &imap.SectionPartial{Offset: 5, Size: 8}}
	bufs, err := m.Fetch(imap.SeqSetNum(1), &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{partial}}).Collect()
	if err != nil {
		t.Fatal(err)
	}
	if got := string(bufs[0].BodySection[0].Bytes); got != "the edge" {
		t.Errorf("partial is %q", got)
	}
	if _, err := m.Fetch(imap.SeqSetNum(1), &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{{}}}).Collect(); err != nil {
		t.Fatal(err)
	}
	if !r.Messages(desk, Inbox)[0].Seen {
		t.Error("a plain BODY[] left it unseen")
	}
}

func TestSectionsAreCutFromTheBytes(t *testing.T) {
	t.Parallel()
	r := world(t, Config{})
	raw := "Subject: =?utf-8?q?h=C3=A9?=\r\nX-Folded: a\r\n b\r\nMessage-ID: <1@x>\r\n\r\ntext\r\n"
	if _, err := r.Append(desk, Inbox, []byte(raw), false); err != nil {
		t.Fatal(err)
	}
	m := openMailbox(t, r, desk)
	m.open(t, Inbox)
	sections := []*imap.FetchItemBodySection{
		{Peek: true, Specifier: imap.PartSpecifierHeader},
		{Peek: true, Specifier: imap.PartSpecifierText},
		{Peek: true, Specifier: imap.PartSpecifierHeader, HeaderFields: []string{"message-id", "x-folded"}},
		{Peek: true, Specifier: imap.PartSpecifierHeader, HeaderFieldsNot: []string{"X-Folded", "Subject"}},
		{Peek: true, Part: []int{1}},
	}
	var got []string
	for _, s := range sections {
		bufs, err := m.Fetch(imap.SeqSetNum(1), &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{s}}).Collect()
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(bufs[0].BodySection[0].Bytes))
	}
	want := []string{
		strings.TrimSuffix(raw, "text\r\n"), "text\r\n",
		"X-Folded: a\r\n b\r\nMessage-ID: <1@x>\r\n\r\n", "Message-ID: <1@x>\r\n\r\n", "text\r\n",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sections (-want +got):\n%s", diff)
	}
}

func TestExamineForbidsChanges(t *testing.T) {
	t.Parallel()
	r := world(t, Config{})
	inject(t, r, "kept")
	m := openMailbox(t, r, desk)
	data, err := m.Select(Inbox, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		t.Fatal(err)
	}
	if len(data.PermanentFlags) != 0 {
		t.Errorf("permanent flags %v", data.PermanentFlags)
	}
	set := imap.SeqSetNum(1)
	if err := m.Store(set, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{imap.FlagDeleted}}, nil).Close(); err == nil {
		t.Error("STORE was allowed")
	}
	if _, err := m.Move(set, Junk).Wait(); err == nil {
		t.Error("MOVE was allowed")
	}
	if err := m.Expunge().Close(); err == nil {
		t.Error("EXPUNGE was allowed")
	}
	if _, err := m.Fetch(set, &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{{}}}).Collect(); err != nil {
		t.Fatal(err)
	}
	if err := m.UnselectAndExpunge().Wait(); err != nil {
		t.Errorf("CLOSE: %v", err)
	}
	if all := r.Messages(desk, Inbox); len(all) != 1 || all[0].Seen {
		t.Errorf("the folder was changed: %+v", all)
	}
}

func TestFlagsMoveAndExpungeReachOtherSessions(t *testing.T) {
	t.Parallel()
	r := world(t, Config{})
	inject(t, r, "one", "two", "three")
	a, b := openMailbox(t, r, desk), openMailbox(t, r, desk)
	a.open(t, Inbox)
	b.open(t, Inbox)
	if err := a.Create("Aparte/Processed", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	add := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{"$Aparte"}}
	stored, err := a.Store(imap.UIDSetNum(3), add, nil).Collect()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]imap.Flag{"$Aparte"}, stored[0].Flags); diff != "" {
		t.Error(diff)
	}
	moved, err := a.Move(imap.UIDSetNum(1), "Aparte/Processed").Wait()
	if err != nil {
		t.Fatal(err)
	}
	if got := moved.SourceUIDs.String(); got != "1" {
		t.Errorf("COPYUID source %s", got)
	}
	if err := b.Noop().Wait(); err != nil {
		t.Fatal(err)
	}
	if got := next(t, b.gone); got != 1 {
		t.Errorf("EXPUNGE %d, want 1", got)
	}
	bufs, err := b.whole(imap.SeqSet{{Start: 1, Stop: 0}})
	if err != nil {
		t.Fatal(err)
	}
	var uids []imap.UID
	for _, buf := range bufs {
		uids = append(uids, buf.UID)
	}
	if diff := cmp.Diff([]imap.UID{2, 3}, uids); diff != "" {
		t.Error(diff)
	}
	if n := len(r.Messages(desk, "Aparte/Processed")); n != 1 {
		t.Errorf("%d messages were moved", n)
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	r := world(t, Config{})
	inject(t, r, "one", "two", "three")
	if err := r.MarkSeen(desk, Inbox, 2); err != nil {
		t.Fatal(err)
	}
	m := openMailbox(t, r, desk)
	m.open(t, Inbox)
	for _, test := range []struct {
		name string
		c    imap.SearchCriteria
		want string
	}{
		{"all", imap.SearchCriteria{}, "1:3"},
		{"unseen", imap.SearchCriteria{NotFlag: []imap.Flag{imap.FlagSeen}}, "1,3"},
		{"message id", imap.SearchCriteria{Header: []imap.SearchCriteriaHeaderField{{Key: "Message-ID", Value: "<two@test>"}}}, "2"},
		{"subject", imap.SearchCriteria{Header: []imap.SearchCriteriaHeaderField{{Key: "subject", Value: "T"}}}, "2:3"},
		{"body", imap.SearchCriteria{Body: []string{"about THREE"}}, "3"},
		{"text", imap.SearchCriteria{Text: []string{"swiftcargo"}}, "1:3"},
		{"from uid, past the end", imap.SearchCriteria{UID: []imap.UIDSet{{{Start: 9, Stop: 0}}}}, "3"},
		{"sequence", imap.SearchCriteria{SeqNum: []imap.SeqSet{imap.SeqSetNum(1, 3)}}, "1,3"},
		{"not", imap.SearchCriteria{Not: []imap.SearchCriteria{{Body: []string{"two"}}}}, "1,3"},
		{"or", imap.SearchCriteria{Or: [][2]imap.SearchCriteria{{{Body: []string{"one"}}, {Body: []string{"two"}}}}}, "1:2"},
		{"since tomorrow", imap.SearchCriteria{Since: time.Now().Add(48 * time.Hour)}, ""},
		{"larger", imap.SearchCriteria{Larger: 10}, "1:3"},
	} {
		data, err := m.UIDSearch(&test.c, nil).Wait()
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		if got := data.All.String(); got != test.want {
			t.Errorf("%s: want %q, got %q", test.name, test.want, got)
		}
	}
}

func TestFoldersAndSpecialUse(t *testing.T) {
	t.Parallel()
	r := world(t, Config{})
	m := openMailbox(t, r, desk)
	for _, bad := range []string{"../x", "a//b", strings.Repeat("x", 300), "inbox"} {
		if err := m.Create(bad, nil).Wait(); err == nil {
			t.Errorf("%q was created", bad)
		}
	}
	if err := m.Create("Old", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	if err := m.Rename("Old", "Newer", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	if err := m.Delete("INBOX").Wait(); err == nil {
		t.Error("INBOX was deleted")
	}
	list, err := m.List("", "*", nil).Collect()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]imap.MailboxAttr{}
	for _, l := range list {
		got[l.Mailbox] = l.Attrs
	}
	want := map[string][]imap.MailboxAttr{
		"INBOX": nil, "Newer": nil, "Sent": {imap.MailboxAttrSent}, "Junk": {imap.MailboxAttrJunk},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if err := m.Delete("Newer").Wait(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"INBOX", "Junk", "Sent"}, r.Folders(desk)); diff != "" {
		t.Error(diff)
	}
}

func TestAppendFilesInSent(t *testing.T) {
	t.Parallel()
	r := world(t, Config{})
	m := openMailbox(t, r, desk)
	raw := mailFrom(desk, carrier, "copy")
	w := m.Append("Sent", int64(len(raw)), &imap.AppendOptions{Flags: []imap.Flag{imap.FlagSeen}})
	if _, err := w.Write(raw); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := w.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if all := r.Messages(desk, Sent); len(all) != 1 || string(all[0].Raw) != string(raw) || !all[0].Seen || data.UID != 1 {
		t.Errorf("filed: %+v, UID %d", all, data.UID)
	}
}

func TestRefusedLoginIsRefusedByIMAPToo(t *testing.T) {
	t.Parallel()
	r := world(t, Config{})
	r.RefuseLogin(desk, true)
	c, err := imapclient.DialTLS(r.Addrs().IMAPS, &imapclient.Options{TLSConfig: trust(r)})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Login(desk, secret).Wait(); err == nil {
		t.Error("logged in")
	}
	r.RefuseLogin(desk, false)
	if err := c.Login(strings.ToUpper(desk), secret).Wait(); err != nil {
		t.Error(err)
	}
	want := Entry{Protocol: "imap", Command: "LOGIN", Outcome: "NO Authentication failed"}
	got := r.Journal()[0]
	got.At = time.Time{}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestCutLiteralLosesTheConnection(t *testing.T) {
	t.Parallel()
	r := world(t, Config{})
	if err := r.Inject(desk, append(mailFrom(carrier, desk, "long"), strings.Repeat("0123456789\r\n", 2000)...)); err != nil {
		t.Fatal(err)
	}
	r.CutLiteral(1)
	m := openMailbox(t, r, desk)
	m.open(t, Inbox)
	fetch := m.Fetch(imap.UIDSetNum(1), &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{{Peek: true}}})
	size, got := firstLiteral(t, fetch)
	if got == 0 || got >= size {
		t.Errorf("got %d of %d bytes, want some and not all", got, size)
	}
	// The fetch itself is left alone: the client library races with its own
	// reader when a literal that was cut is discarded.
	if err := m.Noop().Wait(); err == nil {
		t.Error("the connection lives on")
	}
	again := openMailbox(t, r, desk)
	again.open(t, Inbox)
	if bufs, err := again.whole(imap.UIDSetNum(1)); err != nil || int64(len(bufs[0].BodySection[0].Bytes)) != size {
		t.Errorf("the next try: %v", err)
	}
}

func firstLiteral(t *testing.T, fetch *imapclient.FetchCommand) (size, got int64) {
	t.Helper()
	msg := fetch.Next()
	for msg != nil {
		item := msg.Next()
		if item == nil {
			break
		}
		if body, ok := item.(imapclient.FetchItemDataBodySection); ok {
			return body.Literal.Size(), int64(len(readAll(t, body.Literal)))
		}
	}
	t.Fatal("no body came")
	return 0, 0
}

func TestSilentServerSaysNothingUntilItWakes(t *testing.T) {
	t.Parallel()
	r := world(t, Config{})
	inject(t, r, "one")
	m := openMailbox(t, r, desk)
	m.open(t, Inbox)
	r.SilentIMAP(true)
	_, changed, err := r.Changes(desk)
	if err != nil {
		t.Fatal(err)
	}
	answered := make(chan error, 1)
	go func() {
		answered <- m.Store(imap.SeqSetNum(1), &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{"done"}}, nil).Close()
	}()
	<-changed // the server has done what was asked
	select {
	case err := <-answered:
		t.Fatalf("answered: %v", err)
	default:
	}
	r.SilentIMAP(false)
	if err := <-answered; err != nil {
		t.Error(err)
	}
}

func TestCloseEndsASilentServer(t *testing.T) {
	t.Parallel()
	r := world(t, Config{})
	m := openMailbox(t, r, desk)
	r.SilentIMAP(true)
	r.StallData(true)
	answered := make(chan error, 1)
	go func() { answered <- m.Noop().Wait() }()
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	<-answered
}

func TestChangedUIDValidityCutsAndRenumbers(t *testing.T) {
	t.Parallel()
	r := world(t, Config{})
	inject(t, r, "one", "two")
	m := openMailbox(t, r, desk)
	before := m.open(t, Inbox)
	set := imap.UIDSetNum(1)
	if err := m.Store(set, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{imap.FlagDeleted}}, nil).Close(); err != nil {
		t.Fatal(err)
	}
	if err := m.Expunge().Close(); err != nil {
		t.Fatal(err)
	}
	if err := r.ChangeUIDValidity(desk); err != nil {
		t.Fatal(err)
	}
	if err := m.Noop().Wait(); err == nil {
		t.Error("the old session lives on")
	}
	after := openMailbox(t, r, desk).open(t, Inbox)
	if after.UIDValidity == before.UIDValidity || after.UIDNext != 2 || after.NumMessages != 1 {
		t.Errorf("before %+v, after %+v", before, after)
	}
}

func TestCutIMAPCutsAndWelcomes(t *testing.T) {
	t.Parallel()
	r := world(t, Config{})
	m := openMailbox(t, r, desk)
	r.CutIMAP()
	if err := m.Noop().Wait(); err == nil {
		t.Error("the old session lives on")
	}
	openMailbox(t, r, desk).open(t, Inbox)
}

func TestMultipartWithoutPartsDoesNotEndTheSession(t *testing.T) {
	t.Parallel()
	r := world(t, Config{})
	if _, err := r.Append(desk, Inbox, []byte("Content-Type: multipart/mixed; boundary=x\r\n\r\nnothing\r\n"), false); err != nil {
		t.Fatal(err)
	}
	m := openMailbox(t, r, desk)
	m.open(t, Inbox)
	options := &imap.FetchOptions{Envelope: true, BodyStructure: &imap.FetchItemBodyStructure{Extended: true}}
	if _, err := m.Fetch(imap.SeqSetNum(1), options).Collect(); err != nil {
		t.Fatal(err)
	}
}
