"""Version 1: jobs, songs, takes, stems, ledger, balances and full-text search."""

from __future__ import annotations

SQL = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE job (
    id TEXT PRIMARY KEY,
    batch TEXT NOT NULL,
    profile_id TEXT NOT NULL,
    state TEXT NOT NULL,
    position REAL NOT NULL,
    request TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    created_at REAL NOT NULL,
    sent_at REAL,
    ended_at REAL,
    due REAL NOT NULL,
    estimate INTEGER NOT NULL,
    charge TEXT NOT NULL,
    balance_before INTEGER,
    balance_after INTEGER,
    failure TEXT,
    progress TEXT NOT NULL,
    result_url TEXT NOT NULL,
    cleared INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX job_by_state ON job (state, position);
CREATE INDEX job_shown ON job (cleared, position);

CREATE TABLE job_task (
    job_id TEXT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    song_id TEXT NOT NULL,
    task_id TEXT NOT NULL,
    done INTEGER NOT NULL,
    error TEXT NOT NULL,
    PRIMARY KEY (job_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE song (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL COLLATE NOCASE,
    style TEXT NOT NULL,
    lyrics TEXT NOT NULL,
    description TEXT NOT NULL,
    leave_out TEXT NOT NULL,
    model TEXT NOT NULL COLLATE NOCASE,
    profile_id TEXT NOT NULL,
    folder TEXT NOT NULL,
    created_at REAL NOT NULL,
    favourite INTEGER NOT NULL,
    rating INTEGER NOT NULL,
    notes TEXT NOT NULL,
    trashed_at REAL,
    job_id TEXT NOT NULL,
    -- what sorting and searching need of the takes, kept by the store with every write
    seconds REAL NOT NULL,
    take_words TEXT NOT NULL
) STRICT;
CREATE INDEX song_by_created ON song (created_at, n) WHERE trashed_at IS NULL;
CREATE INDEX song_by_title ON song (title, n) WHERE trashed_at IS NULL;
CREATE INDEX song_by_length ON song (seconds, n) WHERE trashed_at IS NULL;
CREATE INDEX song_trashed ON song (trashed_at) WHERE trashed_at IS NOT NULL;
CREATE INDEX song_by_job ON song (job_id) WHERE job_id <> '';

CREATE TABLE take (
    id TEXT PRIMARY KEY,
    song_id TEXT NOT NULL REFERENCES song (id) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    letter TEXT NOT NULL,
    clip_id TEXT NOT NULL,
    state TEXT NOT NULL,
    path TEXT NOT NULL,
    wav_path TEXT NOT NULL,
    model TEXT NOT NULL,
    lyrics TEXT NOT NULL,
    style TEXT NOT NULL,
    image_url TEXT NOT NULL,
    audio_url TEXT NOT NULL,
    created_at REAL NOT NULL,
    seconds REAL NOT NULL,
    bpm REAL,
    key TEXT NOT NULL,
    frames INTEGER,
    rate INTEGER,
    channels INTEGER,
    format TEXT,
    overview BLOB,
    loudness REAL,
    true_peak REAL
) STRICT;
CREATE INDEX take_by_song ON take (song_id, place);
CREATE INDEX take_by_clip ON take (clip_id) WHERE clip_id <> '';

CREATE TABLE stem (
    id TEXT PRIMARY KEY,
    take_id TEXT NOT NULL REFERENCES take (id) ON DELETE CASCADE,
    split TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    path TEXT NOT NULL,
    position INTEGER NOT NULL,
    clip_id TEXT NOT NULL,
    silent INTEGER NOT NULL,
    audio_url TEXT NOT NULL,
    frames INTEGER,
    rate INTEGER,
    channels INTEGER,
    format TEXT,
    overview BLOB,
    loudness REAL,
    true_peak REAL
) STRICT;
CREATE INDEX stem_by_take ON stem (take_id, split, position);

CREATE TABLE ledger (
    job_id TEXT PRIMARY KEY,
    profile_id TEXT NOT NULL,
    at REAL NOT NULL,
    title TEXT NOT NULL,
    operation TEXT NOT NULL,
    estimate INTEGER NOT NULL,
    charged INTEGER,
    refunded INTEGER NOT NULL,
    balance INTEGER,
    exact INTEGER NOT NULL,
    settled INTEGER NOT NULL
) STRICT;
CREATE INDEX ledger_by_time ON ledger (at);
CREATE INDEX ledger_open ON ledger (profile_id) WHERE settled = 0;

CREATE TABLE balance (
    profile_id TEXT PRIMARY KEY,
    credits INTEGER NOT NULL,
    at REAL NOT NULL
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE song_words USING fts5 (
    title, style, lyrics, description, notes, take_words,
    content='song', content_rowid='n', tokenize='unicode61 remove_diacritics 2', prefix='2 3'
);
CREATE TRIGGER song_words_in AFTER INSERT ON song BEGIN
    INSERT INTO song_words (rowid, title, style, lyrics, description, notes, take_words)
    VALUES (new.n, new.title, new.style, new.lyrics, new.description, new.notes, new.take_words);
END;
CREATE TRIGGER song_words_out AFTER DELETE ON song BEGIN
    INSERT INTO song_words (song_words, rowid, title, style, lyrics, description, notes, take_words)
    VALUES ('delete', old.n, old.title, old.style, old.lyrics, old.description, old.notes, old.take_words);
END;
CREATE TRIGGER song_words_changed AFTER UPDATE OF title, style, lyrics, description, notes, take_words ON song
WHEN (old.title, old.style, old.lyrics, old.description, old.notes, old.take_words)
    IS NOT (new.title, new.style, new.lyrics, new.description, new.notes, new.take_words)
BEGIN
    INSERT INTO song_words (song_words, rowid, title, style, lyrics, description, notes, take_words)
    VALUES ('delete', old.n, old.title, old.style, old.lyrics, old.description, old.notes, old.take_words);
    INSERT INTO song_words (rowid, title, style, lyrics, description, notes, take_words)
    VALUES (new.n, new.title, new.style, new.lyrics, new.description, new.notes, new.take_words);
END;
"""
