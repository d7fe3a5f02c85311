package desk

// Settings is what an admin decided for the whole desk.
type Settings struct {
	MailSides    bool `json:"mail_sides"`    // side conversations by mail are on (A1)
	ReopenDone   bool `json:"reopen_done"`   // a human answer reopens a done side conversation (S6)
	ReopenSolved bool `json:"reopen_solved"` // a human answer in a side conversation reopens a solved ticket (S7)
	UndoSeconds  int  `json:"undo_seconds"`  // how long an outbound message can be taken back (T13)
	MaxPeople    int  `json:"max_people"`    // recipients of one message (E1)
	MaxOutside   int  `json:"max_outside"`   // of them, those who are not agents
}

// DefaultSettings is how a new desk begins.
func DefaultSettings() Settings {
	return Settings{MailSides: true, UndoSeconds: 10, MaxPeople: 100, MaxOutside: 48}
}
