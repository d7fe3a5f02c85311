package storetest

import (
	"testing"

	"aparte/internal/store"
)

// Fresh says where a new, empty desk may be kept. Stores opened with the same
// options share it.
type Fresh func(testing.TB) store.Options

// Exercise is the store's contract: what holds on every engine.
func Exercise(t *testing.T, fresh Fresh) {
	claims := []struct {
		name  string
		check func(*testing.T, Fresh)
	}{
		{"numbers are gapless and in order with four writers and rollbacks", numbersAreGapless},
		{"the same event is told once", sameEventIsToldOnce},
		{"a savepoint undoes only itself", savepointUndoesOnlyItself},
		{"waiters hear of commits only", waitersHearOfCommitsOnly},
		{"a view sees one moment", viewSeesOneMoment},
		{"a timeline goes by when things happened", timelineGoesByOccurrence},
		{"folds match the log after a life of changes", foldsMatchTheLog},
		{"a moved side conversation counts once", movedSideCountsOnce},
		{"four claimers never share", fourClaimersNeverShare},
		{"a delivery waits for its time and outlives its worker", deliveryWaitsAndOutlives},
		{"a delivery is rendered once and found by every name", deliveryIsFoundByEveryName},
		{"items are known once and taken once", itemsAreTakenOnce},
		{"a poison item steps aside", poisonItemStepsAside},
		{"messages come in pages", messagesComeInPages},
		{"views hold what they say and count it", viewsHoldWhatTheySay},
		{"ticket pages neither repeat nor skip", ticketPagesNeitherRepeatNorSkip},
		{"side conversations are found by state, turn and news", sidesAreFound},
		{"read marks go forward only", readMarksGoForward},
		{"evidence finds every carrier", evidenceFindsEveryCarrier},
		{"a place tells who the sender is", placeTellsWhoTheSenderIs},
		{"a confirmed participant stays confirmed", confirmedStaysConfirmed},
		{"people are met once", peopleAreMetOnce},
		{"quarantine is decided once", quarantineIsDecidedOnce},
		{"a token stands for its agent until it is revoked", tokenStandsForItsAgent},
		{"a session lives until it expires", sessionLivesUntilItExpires},
		{"what is kept comes back", whatIsKeptComesBack},
	}
	for _, c := range claims {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.check(t, fresh)
		})
	}
}
