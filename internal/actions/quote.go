package actions

import (
	"context"
	"html"
	"regexp"
	"slices"
	"strings"

	"aparte/internal/desk"
)

// quotes embeds chosen messages of the ticket as quotations, with author and
// time (S9).
func (r *room) quotes(ctx context.Context, d Draft) (string, error) {
	var b strings.Builder
	for _, id := range d.Comments {
		m, err := r.tx.Message(ctx, id)
		if err != nil {
			return "", err
		}
		if ok, err := r.onTicket(ctx, m.Conversation); err != nil || !ok {
			return "", orElse(err, desk.Refuse("comments", "comment_elsewhere", "a chosen comment is not of this ticket", "Choose comments of this ticket."))
		}
		if m.Direction == desk.Note && !d.NotesConfirmed {
			return "", unconfirmed("comments", "an internal note is among the chosen comments")
		}
		words, err := r.tx.Body(ctx, id)
		if err != nil {
			return "", err
		}
		b.WriteString("<blockquote><p><strong>" + html.EscapeString(m.Author.Label()) + "</strong>, " +
			m.OccurredAt.UTC().Format("2 Jan 2006 15:04 MST") + "</p>" + picture.ReplaceAllString(words.HTML, "") + "</blockquote>")
	}
	return b.String(), nil
}

// unconfirmed refuses what an agent wrote for agents alone, until the agent who
// sends it says that it may leave.
func unconfirmed(field, msg string) error {
	return desk.Refuse(field, "note_unconfirmed", msg, "Confirm that it may leave the desk, or leave it out.")
}

// onTicket tells whether a conversation is at home on the ticket, or linked
// from it.
func (r *room) onTicket(ctx context.Context, c desk.ConversationID) (bool, error) {
	rows, err := r.tx.Conversations(ctx, r.by.Agent, r.ticket.ID)
	for _, row := range rows {
		if row.ID == c {
			return true, nil
		}
	}
	return false, err
}

var (
	picture    = regexp.MustCompile(`(?i)<img\b[^>]*>`)
	replyToken = regexp.MustCompile(`(?i)\+[stb][0-9a-hjkmnp-tv-z]{20}@`)
	pictureRef = regexp.MustCompile(`(?i)(<img\b[^>]*\ssrc=["'])[^"']*?/api/attachments/([0-9a-z-]{1,64})(["'])`)
)

// scrub takes reply tokens out of what leaves: whoever holds one can write
// into its conversation (L4).
func scrub(words string) string { return replyToken.ReplaceAllString(words, "@") }

// inlined turns the editor's pictures into parts of the mail, and tells which
// uploads they are.
func inlined(words string) (string, []desk.AttachmentID) {
	var ids []desk.AttachmentID
	out := pictureRef.ReplaceAllStringFunc(words, func(tag string) string {
		p := pictureRef.FindStringSubmatch(tag)
		ids = append(ids, desk.AttachmentID(p[2]))
		return p[1] + "cid:" + contentID(desk.AttachmentID(p[2])) + p[3]
	})
	return out, ids
}

func contentID(id desk.AttachmentID) string { return string(id) + "@inline.aparte" }

// files finds what a draft attaches: the writer's own uploads, and files that
// are on the ticket already.
func (r *room) files(ctx context.Context, d Draft, pictures []desk.AttachmentID) ([]desk.Attachment, error) {
	var list []desk.Attachment
	for _, id := range slices.Concat(pictures, d.Attachments) {
		if slices.ContainsFunc(list, func(f desk.Attachment) bool { return f.ID == id }) {
			continue
		}
		f, err := r.file(ctx, id, d.NotesConfirmed)
		if err != nil {
			return nil, err
		}
		if slices.Contains(pictures, id) {
			f.Inline, f.ContentID = true, contentID(id)
		}
		list = append(list, f)
	}
	return list, nil
}

func (r *room) file(ctx context.Context, id desk.AttachmentID, notesToo bool) (desk.Attachment, error) {
	f, err := r.tx.Attachment(ctx, id)
	switch {
	case err != nil:
		return f, err
	case f.Sum == "":
		return f, desk.Refuse("attachments", "upload_incomplete", "“"+f.Name+"” has not been uploaded to its end", "Wait for the upload, or remove the file.")
	case f.Message == "" && f.Owner == r.by.Agent:
		return f, nil
	case f.Message == "":
		return f, desk.Missing("attachment")
	}
	m, err := r.tx.Message(ctx, f.Message)
	if err != nil {
		return f, err
	}
	if ok, err := r.onTicket(ctx, m.Conversation); err != nil || !ok {
		return f, orElse(err, desk.Missing("attachment"))
	}
	if m.Direction == desk.Note && !notesToo {
		return f, unconfirmed("attachments", "“"+f.Name+"” belongs to an internal note")
	}
	f.ID, f.Message, f.ContentID, f.Inline = desk.AttachmentID(desk.NewID()), "", "", false
	return f, nil
}
