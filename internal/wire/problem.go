package wire

// Problem is what went wrong, as RFC 9457 says it (application/problem+json).
type Problem struct {
	Type   string        `json:"type" doc:"about:blank; the code says what it is"`
	Title  string        `json:"title" doc:"what happened, one sentence"`
	Status int           `json:"status"`
	Detail string        `json:"detail,omitempty"`
	Code   string        `json:"code" doc:"stable, for programs and for translation" example:"subject_missing"`
	Field  string        `json:"field,omitempty" doc:"the input concerned"`
	Hint   string        `json:"hint,omitempty" doc:"what to do about it"`
	ID     string        `json:"id,omitempty" doc:"of a mistake of ours: look for it in the log"`
	Ticket *Ticket       `json:"ticket,omitempty" doc:"as it is now, where a change was based on an old one"`
	Errors []ProblemItem `json:"errors,omitempty" nullable:"false" doc:"where several inputs are concerned"`
}

// ProblemItem is one input that cannot be.
type ProblemItem struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// AttachmentList is the files of a ticket, newest first.
type AttachmentList struct {
	Attachments []Attachment `json:"attachments" nullable:"false"`
}
