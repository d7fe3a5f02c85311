package httpapi

import (
	"context"
	"net/http"

	"aparte/internal/desk"
	"aparte/internal/wire"
)

func (s *server) deliveries() {
	op(s, call(http.MethodPost, "/api/deliveries/{id}/recall", "recall-delivery", "Take a message back before it leaves"),
		s.settling(func(ctx context.Context, id desk.DeliveryID) (desk.Delivery, error) {
			return s.Actions.Recall(ctx, actor(ctx), id)
		}))
	op(s, call(http.MethodPost, "/api/deliveries/{id}/retry", "retry-delivery", "Send again to those whom it did not reach"),
		s.settling(func(ctx context.Context, id desk.DeliveryID) (desk.Delivery, error) {
			return s.Actions.Retry(ctx, actor(ctx), id)
		}))
}

// settling makes a call of a verb about a delivery.
func (s *server) settling(verb func(context.Context, desk.DeliveryID) (desk.Delivery, error)) func(context.Context, *ByID) (*body[wire.Delivery], error) {
	return func(ctx context.Context, in *ByID) (*body[wire.Delivery], error) {
		d, err := verb(ctx, desk.DeliveryID(in.ID))
		if err != nil {
			return nil, err
		}
		var out body[wire.Delivery]
		return &out, s.read(ctx, func(r *reader) error {
			m, err := r.tx.Message(ctx, d.Message)
			if err != nil {
				return err
			}
			out.Body = *delivery(d, r.seesBcc(m))
			return nil
		})
	}
}
