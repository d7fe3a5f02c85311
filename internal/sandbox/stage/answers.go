package stage

import (
	"context"
	"reflect"
	"sync"
	"time"

	"aparte/internal/sandbox/mailroom"
)

// Run plays the partners who answer by themselves, until ctx ends; then it
// returns once they have all stopped.
func (s *Stage) Run(ctx context.Context) error {
	var playing sync.WaitGroup
	for _, p := range s.cast {
		if len(p.Answers) > 0 {
			playing.Go(func() { s.play(ctx, p) })
		}
	}
	playing.Wait()
	return nil
}

// AnswerAlone lets a partner answer what comes from the desk from now on, or
// stops that. Answers go out only while Run runs.
func (s *Stage) AnswerAlone(address string, on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answering[address] = on
	close(s.switched)
	s.switched = make(chan struct{})
}

func (s *Stage) answersAlone(address string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.answering[address]
}

// play waits for mail to one partner, and answers it in the partner's turn.
// What came before the switch was on is left to whoever plays the partner.
func (s *Stage) play(ctx context.Context, p Person) {
	var done uint32 // the last UID looked at
	for turn := 0; ctx.Err() == nil; {
		s.mu.Lock()
		on, switched := s.answering[p.Address], s.switched
		s.mu.Unlock()
		_, arrived, err := s.room.Changes(p.Address)
		if err != nil {
			return
		}
		for _, m := range s.room.Messages(p.Address, mailroom.Inbox) {
			if m.UID <= done {
				continue
			}
			done = m.UID
			if mail := Read(m.Raw); on && s.deserves(mail) {
				s.answerAfterPause(ctx, p, m.UID, mail, p.Answers[turn%len(p.Answers)])
				turn++
			}
		}
		select {
		case <-arrived:
		case <-switched:
		case <-ctx.Done():
		}
	}
}

// deserves says whether a mail is one that a person wrote at the desk. Two
// machines must not talk to each other.
func (s *Stage) deserves(m Mail) bool {
	return !m.Automatic && len(m.From) == 1 && m.From[0].Address == s.support
}

func (s *Stage) answerAfterPause(ctx context.Context, p Person, uid uint32, m Mail, words string) {
	select {
	case <-time.After(s.pause):
	case <-ctx.Done():
		return
	}
	err := s.room.MarkSeen(p.Address, mailroom.Inbox, uid)
	if err == nil {
		err = s.send(ctx, p, s.reply(p, m, words, false))
	}
	if err != nil && ctx.Err() == nil {
		s.log.ErrorContext(ctx, "partner could not answer", "err", err)
	}
}

// changes returns a number that is another after any change in the accounts,
// and the channels of which one is closed then.
func (s *Stage) changes(who []string) (version uint64, next []<-chan struct{}) {
	for _, address := range who {
		v, c, err := s.room.Changes(address)
		if err == nil {
			version += v
			next = append(next, c)
		}
	}
	return version, next
}

// changed returns the version of the accounts once it is not after, or when
// ctx ends.
func (s *Stage) changed(ctx context.Context, who []string, after uint64) uint64 {
	for {
		version, next := s.changes(who)
		if version != after || ctx.Err() != nil {
			return version
		}
		cases := []reflect.SelectCase{{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(ctx.Done())}}
		for _, c := range next {
			cases = append(cases, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(c)})
		}
		reflect.Select(cases)
	}
}
