/// Bounds of the embedded store. SQLite's own are wider: a row may have 1 GB, a file 4.4 TB.
public enum SQLiteStoreLimits {
  /// Bytes of one record or one log record. Larger ones are refused before anything is written.
  public static let recordBytes = 64 << 20
  /// Writes that may wait for their transaction. One more is refused as busy.
  public static let waitingWrites = 4_096
  /// Bytes of the writes that may wait. A write that would make it more is refused as busy, unless
  /// nothing waits.
  public static let waitingBytes = 256 << 20
  /// Seconds to wait for another process that is writing.
  public static let busySeconds = 5

  /// Writes in one transaction.
  static let batchWrites = 256
  /// Bytes of the writes in one transaction, but for its first write.
  static let batchBytes = 8 << 20
  /// Bytes of a write that the caller's own thread may do, if nobody else is writing.
  static let bytesAtOnce = 256 << 10
  /// Microseconds that the last transaction may have taken for the caller's own thread to do the
  /// next: whoever waits longer for a disk must not hold up a thread that others need.
  static let microsecondsAtOnce = 2_000
  /// Microseconds that making a transaction durable may take for the next one to serve but half of
  /// the callers while the others judge: so many, and so many more for each caller. Beyond that,
  /// fewer syncs are worth more than callers that are never idle (measured with 2 to 64 callers and
  /// syncs of 0.1 to 1.6 ms).
  static let quickMicroseconds = 200
  static let quickMicrosecondsEach = 20
  /// Microseconds to wait at most for those who may share a transaction.
  static let gatherMicroseconds = 500
  /// Pages to be written between two checkpoints.
  static let checkpointPages = 1_000
  /// Pages of a write-ahead log for which the writer waits until it can be begun anew.
  static let longJournalPages = 8_000
  /// Milliseconds that it waits then for others who read.
  static let restartMilliseconds = 20
  /// Connections that read at the same time.
  static let readers = 4
  /// About how many bytes of records are remembered; then all are forgotten.
  static let rememberedBytes = 16 << 20
  /// Bytes of the largest record or set that is remembered.
  static let rememberedRecordBytes = 16 << 10
  /// Pages that each connection which reads keeps in memory.
  static let cacheBytes = 32 << 20
  /// Pages that the connection which writes keeps: most of what it touches comes back soon or, as
  /// the log does, never, and memory that grows costs more than a page that is read again.
  static let writerCacheBytes = 8 << 20
  /// What is kept of the write-ahead log file when it has been emptied.
  static let journalBytes = 64 << 20
  /// Problems that a check tells.
  static let problems = 100
  /// Log entries read at once where the whole log is read.
  static let logPage = 500
}
