"""Version 2: what songs were made from, further files of takes, voices, and answers that hold a result themselves."""

from __future__ import annotations

SQL = """
ALTER TABLE song ADD COLUMN batch TEXT NOT NULL DEFAULT '';
CREATE INDEX song_by_batch ON song (batch) WHERE batch <> '';

ALTER TABLE take ADD COLUMN files TEXT NOT NULL DEFAULT '{}';
ALTER TABLE take ADD COLUMN extra TEXT NOT NULL DEFAULT '{}';

-- when a take was made tells whether the service still works on it
UPDATE take SET created_at = coalesce((SELECT created_at FROM song WHERE song.id = take.song_id), 0)
WHERE created_at = 0;

CREATE TABLE link (
    song_id TEXT NOT NULL REFERENCES song (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    -- the parent may be deleted: the link stays, so these refer to nothing
    parent_song_id TEXT NOT NULL,
    parent_take_id TEXT NOT NULL,
    parent_clip_id TEXT NOT NULL,
    operation TEXT NOT NULL,
    start_s REAL,
    end_s REAL,
    PRIMARY KEY (song_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_by_parent ON link (parent_song_id) WHERE parent_song_id <> '';

CREATE TABLE voice (
    id TEXT NOT NULL,
    profile_id TEXT NOT NULL,
    name TEXT NOT NULL,
    clip_id TEXT NOT NULL,
    song_id TEXT NOT NULL,
    take_id TEXT NOT NULL,
    created_at REAL NOT NULL,
    spoken INTEGER NOT NULL,
    PRIMARY KEY (profile_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE job_answer (
    job_id TEXT PRIMARY KEY REFERENCES job (id) ON DELETE CASCADE,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO job_answer (job_id, body)
SELECT id, json_object('data', json_object('wav_url', result_url)) FROM job WHERE result_url <> '';
ALTER TABLE job ADD COLUMN answered INTEGER NOT NULL DEFAULT 0;
UPDATE job SET answered = 1 WHERE result_url <> '';
ALTER TABLE job DROP COLUMN result_url;
ALTER TABLE job ADD COLUMN service_batch TEXT NOT NULL DEFAULT '';
"""
