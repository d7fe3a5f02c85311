-- +goose Up
-- One text for SQLite and PostgreSQL. Times are UTC milliseconds, 0 for never.

CREATE TABLE counter (
  name  TEXT PRIMARY KEY,
  value BIGINT NOT NULL
);
INSERT INTO counter (name, value) VALUES ('seq', 0), ('ticket', 0);

CREATE TABLE setting (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE agent (
  id          TEXT PRIMARY KEY,
  email       TEXT NOT NULL,
  email_key   TEXT NOT NULL UNIQUE,
  name        TEXT NOT NULL,
  role        TEXT NOT NULL,
  signature   TEXT NOT NULL DEFAULT '',
  password    TEXT NOT NULL DEFAULT '',
  created_at  BIGINT NOT NULL,
  disabled_at BIGINT NOT NULL DEFAULT 0,
  start_seq   BIGINT NOT NULL DEFAULT 0,
  version     BIGINT NOT NULL DEFAULT 1
);

CREATE TABLE session (
  token      TEXT PRIMARY KEY,
  data       TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX session_expires ON session (expires_at);

CREATE TABLE api_token (
  id         TEXT PRIMARY KEY,
  agent      TEXT NOT NULL REFERENCES agent (id),
  name       TEXT NOT NULL,
  hash       TEXT NOT NULL UNIQUE,
  created_at BIGINT NOT NULL,
  used_at    BIGINT NOT NULL DEFAULT 0,
  revoked_at BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE account (
  id          TEXT PRIMARY KEY,
  channel     TEXT NOT NULL,
  name        TEXT NOT NULL,
  address     TEXT NOT NULL,
  address_key TEXT NOT NULL,
  settings    TEXT NOT NULL,
  secret      TEXT NOT NULL DEFAULT '',
  position    TEXT NOT NULL DEFAULT '',
  created_at  BIGINT NOT NULL,
  stopped_at  BIGINT NOT NULL DEFAULT 0,
  version     BIGINT NOT NULL DEFAULT 1,
  UNIQUE (channel, address_key)
);

CREATE TABLE contact (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  email      TEXT NOT NULL,
  email_key  TEXT NOT NULL UNIQUE,
  partner    BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

CREATE TABLE ticket (
  id           TEXT PRIMARY KEY,
  number       BIGINT NOT NULL UNIQUE,
  subject      TEXT NOT NULL,
  requester    TEXT NOT NULL REFERENCES contact (id),
  mailbox      TEXT NOT NULL,
  status       TEXT NOT NULL,
  bucket       TEXT NOT NULL, -- unsolved, solved or closed: what lists ask for
  priority     TEXT NOT NULL,
  team         TEXT NOT NULL DEFAULT '',
  assignee     TEXT NOT NULL DEFAULT '',
  tags         TEXT NOT NULL DEFAULT '[]',
  follows      TEXT NOT NULL DEFAULT '',
  created_at   BIGINT NOT NULL,
  updated_at   BIGINT NOT NULL,
  solved_at    BIGINT NOT NULL DEFAULT 0,
  closed_at    BIGINT NOT NULL DEFAULT 0,
  sides        BIGINT NOT NULL DEFAULT 0,
  sides_open   BIGINT NOT NULL DEFAULT 0,
  sides_ours   BIGINT NOT NULL DEFAULT 0,
  attention_at BIGINT NOT NULL DEFAULT 0,
  last_seq     BIGINT NOT NULL DEFAULT 0,
  version      BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX ticket_updated ON ticket (updated_at, number);
CREATE INDEX ticket_bucket ON ticket (bucket, updated_at, number);
CREATE INDEX ticket_status ON ticket (status, updated_at, number);
CREATE INDEX ticket_assignee ON ticket (assignee, bucket, updated_at, number);
CREATE INDEX ticket_requester ON ticket (requester, updated_at, number);
CREATE INDEX ticket_attention ON ticket (updated_at, number) WHERE attention_at > 0;
CREATE INDEX ticket_follows ON ticket (follows) WHERE follows <> '';

CREATE TABLE conversation (
  id           TEXT PRIMARY KEY,
  home         TEXT NOT NULL,
  side         TEXT NOT NULL,
  channel      TEXT NOT NULL,
  account      TEXT NOT NULL,
  subject      TEXT NOT NULL,
  state        TEXT NOT NULL,
  turn         TEXT NOT NULL DEFAULT '',
  starter      TEXT NOT NULL DEFAULT '',
  token        TEXT NOT NULL UNIQUE,
  thread_key   TEXT NOT NULL UNIQUE,
  created_at   BIGINT NOT NULL,
  last_at      BIGINT NOT NULL,
  last_seq     BIGINT NOT NULL DEFAULT 0,
  news_seq     BIGINT NOT NULL DEFAULT 0,
  last_message TEXT NOT NULL DEFAULT '',
  messages     BIGINT NOT NULL DEFAULT 0,
  done_at      BIGINT NOT NULL DEFAULT 0,
  version      BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX conversation_home ON conversation (home);
CREATE INDEX conversation_side ON conversation (last_at, id) WHERE side = 'side';
CREATE INDEX conversation_side_state ON conversation (state, last_at, id) WHERE side = 'side';
CREATE INDEX conversation_side_turn ON conversation (turn, state, last_at, id) WHERE side = 'side';

-- A ticket that a conversation has left keeps a link to it (S8).
CREATE TABLE conversation_link (
  ticket       TEXT NOT NULL,
  conversation TEXT NOT NULL REFERENCES conversation (id),
  PRIMARY KEY (ticket, conversation)
);

-- A reply address that was given up, so that mail to it is recognised.
CREATE TABLE withdrawn_token (
  token        TEXT PRIMARY KEY,
  conversation TEXT NOT NULL REFERENCES conversation (id),
  at           BIGINT NOT NULL
);

CREATE TABLE participant (
  conversation TEXT NOT NULL REFERENCES conversation (id),
  email_key    TEXT NOT NULL,
  name         TEXT NOT NULL,
  email        TEXT NOT NULL,
  class        TEXT NOT NULL,
  contact      TEXT NOT NULL DEFAULT '',
  confirmed    BIGINT NOT NULL,
  added_at     BIGINT NOT NULL,
  PRIMARY KEY (conversation, email_key)
);
CREATE INDEX participant_email ON participant (email_key);

CREATE TABLE event (
  seq          BIGINT PRIMARY KEY,
  id           TEXT NOT NULL UNIQUE,
  ticket       TEXT NOT NULL,
  conversation TEXT NOT NULL,
  kind         TEXT NOT NULL,
  occurred_at  BIGINT NOT NULL,
  at           BIGINT NOT NULL,
  by_kind      TEXT NOT NULL,
  by_agent     TEXT NOT NULL,
  by_name      TEXT NOT NULL,
  facts        TEXT NOT NULL
);
CREATE INDEX event_ticket ON event (ticket, occurred_at, seq);
CREATE INDEX event_conversation ON event (conversation, occurred_at, seq);

CREATE TABLE message (
  id           TEXT PRIMARY KEY,
  conversation TEXT NOT NULL, -- empty while quarantined
  direction    TEXT NOT NULL,
  seq          BIGINT NOT NULL,
  occurred_at  BIGINT NOT NULL,
  stored_at    BIGINT NOT NULL,
  author_name  TEXT NOT NULL,
  author_email TEXT NOT NULL,
  agent        TEXT NOT NULL DEFAULT '',
  contact      TEXT NOT NULL DEFAULT '',
  subject      TEXT NOT NULL,
  preview      TEXT NOT NULL,
  grade        TEXT NOT NULL DEFAULT '',
  human        BIGINT NOT NULL,
  flags        TEXT NOT NULL DEFAULT '[]',
  reasons      TEXT NOT NULL DEFAULT '[]',
  problems     TEXT NOT NULL DEFAULT '[]',
  external_id  TEXT NOT NULL DEFAULT '',
  in_reply_to  TEXT NOT NULL DEFAULT '',
  raw          TEXT NOT NULL DEFAULT '',
  core_sum     TEXT NOT NULL DEFAULT '',
  moved        TEXT NOT NULL DEFAULT ''
);
CREATE INDEX message_conversation ON message (conversation, occurred_at, seq);
CREATE INDEX message_core ON message (core_sum) WHERE core_sum <> '';

CREATE TABLE message_body (
  message TEXT PRIMARY KEY REFERENCES message (id),
  html    TEXT NOT NULL,
  quoted  TEXT NOT NULL,
  plain   TEXT NOT NULL
);

CREATE TABLE message_recipient (
  message   TEXT NOT NULL REFERENCES message (id),
  position  BIGINT NOT NULL,
  class     TEXT NOT NULL,
  name      TEXT NOT NULL,
  email     TEXT NOT NULL,
  email_key TEXT NOT NULL,
  PRIMARY KEY (message, position)
);

CREATE TABLE attachment (
  id          TEXT PRIMARY KEY,
  message     TEXT NOT NULL, -- empty while only uploaded
  position    BIGINT NOT NULL DEFAULT 0,
  name        TEXT NOT NULL,
  type        TEXT NOT NULL,
  size        BIGINT NOT NULL,
  sum         TEXT NOT NULL, -- empty until the upload is complete
  content_id  TEXT NOT NULL DEFAULT '',
  inline_part BIGINT NOT NULL DEFAULT 0,
  owner       TEXT NOT NULL DEFAULT '',
  created_at  BIGINT NOT NULL
);
CREATE INDEX attachment_message ON attachment (message, position);
CREATE INDEX attachment_sum ON attachment (sum);

-- Ids by which mail names a conversation: ours, and those of mail we took in.
CREATE TABLE reference (
  external_id  TEXT NOT NULL,
  conversation TEXT NOT NULL,
  message      TEXT NOT NULL DEFAULT '',
  ours         BIGINT NOT NULL,
  PRIMARY KEY (external_id, conversation)
);

-- What a connector found out there: a durable to-do row each.
CREATE TABLE item (
  account  TEXT NOT NULL,
  key      TEXT NOT NULL,
  state    TEXT NOT NULL, -- pending, done, set_aside
  size     BIGINT NOT NULL,
  attempts BIGINT NOT NULL DEFAULT 0,
  next_at  BIGINT NOT NULL DEFAULT 0,
  error    TEXT NOT NULL DEFAULT '',
  message  TEXT NOT NULL DEFAULT '',
  found_at BIGINT NOT NULL,
  place    BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (account, key)
);
CREATE INDEX item_pending ON item (account, next_at, place) WHERE state = 'pending';

CREATE TABLE delivery (
  id           TEXT PRIMARY KEY,
  message      TEXT NOT NULL UNIQUE REFERENCES message (id),
  conversation TEXT NOT NULL,
  account      TEXT NOT NULL,
  state        TEXT NOT NULL,
  due_at       BIGINT NOT NULL,
  queued_at    BIGINT NOT NULL,
  settled_at   BIGINT NOT NULL DEFAULT 0,
  lease        BIGINT NOT NULL DEFAULT 0,
  attempts     BIGINT NOT NULL DEFAULT 0,
  rendered     TEXT NOT NULL DEFAULT '',
  envelope_tag TEXT NOT NULL UNIQUE,
  external_id  TEXT NOT NULL DEFAULT '',
  version      BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX delivery_due ON delivery (due_at) WHERE settled_at = 0;

CREATE TABLE delivery_recipient (
  delivery   TEXT NOT NULL REFERENCES delivery (id),
  position   BIGINT NOT NULL,
  class      TEXT NOT NULL,
  name       TEXT NOT NULL,
  email      TEXT NOT NULL,
  state      TEXT NOT NULL,
  attempts   BIGINT NOT NULL DEFAULT 0,
  next_at    BIGINT NOT NULL DEFAULT 0,
  code       BIGINT NOT NULL DEFAULT 0,
  enhanced   TEXT NOT NULL DEFAULT '',
  reply_text TEXT NOT NULL DEFAULT '',
  at         BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (delivery, position)
);

CREATE TABLE read_mark (
  agent        TEXT NOT NULL,
  conversation TEXT NOT NULL,
  seq          BIGINT NOT NULL,
  PRIMARY KEY (agent, conversation)
);

CREATE TABLE draft (
  agent      TEXT NOT NULL,
  composer   TEXT NOT NULL,
  body       TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (agent, composer)
);

CREATE TABLE quarantine (
  id         TEXT PRIMARY KEY,
  account    TEXT NOT NULL,
  message    TEXT NOT NULL REFERENCES message (id),
  reason     TEXT NOT NULL,
  reasons    TEXT NOT NULL DEFAULT '[]',
  suggest    TEXT NOT NULL DEFAULT '',
  ticket     TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  settled_at BIGINT NOT NULL DEFAULT 0,
  settled_by TEXT NOT NULL DEFAULT '',
  outcome    TEXT NOT NULL DEFAULT ''
);
CREATE INDEX quarantine_open ON quarantine (created_at, id) WHERE settled_at = 0;

-- How many tickets each view holds, kept with every change (ruling 15).
CREATE TABLE tally (
  name  TEXT PRIMARY KEY,
  value BIGINT NOT NULL
);
