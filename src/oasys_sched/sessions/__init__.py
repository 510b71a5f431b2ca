"""What happened? Sessions, notes, transcripts, attachments."""
