#if SQLite
  import GRDB
  import ModelRegistry

  extension StoreError {
    /// What an error of SQLite means. Nothing was changed: see `DatabaseError.leavesDoubt`.
    init(_ error: any Error) {
      switch error {
      case let error as StoreError: self = error
      case let error as DatabaseError: self.init(error)
      case is CancellationError: self = .unavailable("the task was cancelled")
      default: self = .unavailable("\(error)")
      }
    }

    init(_ error: DatabaseError) {
      let text = error.message ?? "SQLite error \(error.resultCode.rawValue)"
      switch error.resultCode {
      case .SQLITE_BUSY, .SQLITE_LOCKED:
        self = .busy("another program kept it locked for too long (\(text))")
      case .SQLITE_FULL: self = .notWritable("there is no room left on the disk")
      case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
        self = .notWritable("the file or its folder may not be written (\(text))")
      case .SQLITE_CORRUPT:
        self = .damaged("SQLite finds it malformed (\(text)): restore a backup")
      case .SQLITE_NOTADB:
        self = .damaged("it is not a SQLite file, or its first page was overwritten")
      case .SQLITE_TOOBIG: self = .tooLarge(text)
      case .SQLITE_IOERR:
        self = .unavailable(
          "the disk reported an error (\(text), code \(error.extendedResultCode.rawValue))")
      case .SQLITE_CANTOPEN: self = .unavailable("its files can't be opened (\(text))")
      default: self = .unavailable(text)
      }
    }
  }

  extension DatabaseError {
    /// Whether nobody knows what is on the disk after this error came from a commit, or from a
    /// sync at any time. What a failed sync should have written may be gone, though the next sync
    /// succeeds; so nothing may be built on it.
    func leavesDoubt(duringCommit: Bool) -> Bool {
      switch extendedResultCode {
      case .SQLITE_IOERR_FSYNC, .SQLITE_IOERR_DIR_FSYNC: true
      default: duringCommit && resultCode == .SQLITE_IOERR
      }
    }
  }
#endif
