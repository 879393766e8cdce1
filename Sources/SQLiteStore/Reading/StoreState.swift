#if SQLite
  import GRDB
  import ModelRegistry
  import PolicyGate

  /// The row of `state`: where the store stands.
  struct StoreState: Equatable {
    var revision: StoreRevision
    var end: LogHead
    var start: LogHead

    init(_ db: Database) throws {
      let found = try db.row(
        "SELECT revision, log_sequence, log_hash, start_sequence, start_hash FROM state", []
      ) { row in
        (
          row.int64(0), LogHead(sequence: row.int64(1), hash: row.bytes(2)),
          LogHead(sequence: row.int64(3), hash: row.bytes(4))
        )
      }
      guard let found else { throw Self.lost }
      (revision, end, start) = found
    }

    /// The last commit alone.
    static func revision(_ db: Database) throws -> StoreRevision {
      guard let found = try db.row("SELECT revision FROM state", [], { $0.int64(0) }) else {
        throw lost
      }
      return found
    }

    private static var lost: StoreError {
      .damaged("it has lost the record of where it stands")
    }

    func write(_ db: Database) throws {
      try db.run(
        """
        UPDATE state SET revision = ?, log_sequence = ?, log_hash = ?, start_sequence = ?, \
        start_hash = ?
        """,
        [
          .integer(revision), .integer(end.sequence), .bytes(end.hash), .integer(start.sequence),
          .bytes(start.hash),
        ])
    }
  }
#endif
