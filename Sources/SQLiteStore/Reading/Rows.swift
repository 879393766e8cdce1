#if SQLite
  import Foundation
  import GRDB
  import ModelRegistry
  import PolicyGate

  extension Database {
    /// Runs a statement that changes something; it is compiled once a connection.
    func run(_ sql: String, _ arguments: StatementArguments) throws {
      try cachedStatement(sql: sql).execute(arguments: arguments)
    }

    /// The rows of a query; it is compiled once a connection.
    func rows(_ sql: String, _ arguments: StatementArguments) throws -> RowCursor {
      try Row.fetchCursor(cachedStatement(sql: sql), arguments: arguments)
    }

    /// The one row of a query, if there is one.
    func row<Value>(
      _ sql: String, _ arguments: StatementArguments, _ read: (Row) throws -> Value
    ) throws -> Value? {
      let cursor = try rows(sql, arguments)
      let value = try cursor.next().map(read)
      // A statement that was not run to its end holds its snapshot.
      if value != nil { _ = try cursor.next() }
      return value
    }
  }

  extension Row {
    /// A blob, copied once.
    func bytes(_ column: Int) throws -> [UInt8] {
      try withUnsafeData(atIndex: column) { $0.map { [UInt8]($0) } ?? [] }
    }

    func int64(_ column: Int) -> Int64 { self[column] }
  }

  extension Data {
    /// A blob to be bound. SQLite takes one without bytes for null, which no column of ours allows,
    /// so statements say `ifnull(?, x'')` where a blob may be empty.
    init(blob bytes: [UInt8]) { self.init(bytes) }
  }

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
          row.int64(0), LogHead(sequence: row.int64(1), hash: try row.bytes(2)),
          LogHead(sequence: row.int64(3), hash: try row.bytes(4))
        )
      }
      guard let found else { throw Self.lost }
      (revision, end, start) = found
    }

    /// The last commit alone.
    static func revision(_ db: Database) throws -> StoreRevision {
      let found = try StoreRevision.fetchOne(
        db.cachedStatement(sql: "SELECT revision FROM state"))
      guard let found else { throw lost }
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
          revision, end.sequence, Data(blob: end.hash), start.sequence, Data(blob: start.hash),
        ])
    }
  }
#endif
