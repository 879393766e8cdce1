#if SQLite
  import GRDB
  import GRDBSQLite

  /// A value for a statement.
  enum Bound {
    case integer(Int64)
    case bytes([UInt8])
    case text(String)
    case null
  }

  /// Statements are compiled and kept by GRDB, but bound and run here: GRDB makes several objects of
  /// each argument and each row, which took three times as long as what SQLite does itself.
  extension Database {
    /// Runs a statement that changes something; it is compiled once a connection.
    func run(_ sql: String, _ arguments: [Bound]) throws {
      let statement = try cachedStatement(sql: sql)
      try bind(arguments, to: statement)
      defer { _ = unsafe sqlite3_reset(statement.sqliteStatement) }
      while try step(statement) {}
    }

    /// The rows of a query; it is compiled once a connection.
    func rows(_ sql: String, _ arguments: [Bound]) throws -> StoredRows {
      let statement = try cachedStatement(sql: sql)
      try bind(arguments, to: statement)
      return StoredRows(statement, self)
    }

    /// The one row of a query, if there is one.
    func row<Value>(
      _ sql: String, _ arguments: [Bound], _ read: (StoredRow) throws -> Value
    ) throws -> Value? {
      let rows = try rows(sql, arguments)
      return try withExtendedLifetime(rows) { try rows.next().map(read) }
    }

    /// How many rows the last statement has changed.
    var changedRows: Int { Int(unsafe sqlite3_changes(sqliteConnection)) }

    /// Pages that this connection has written since this was asked last.
    func takePagesWritten() -> Int {
      var (now, most): (Int32, Int32) = (0, 0)
      _ = unsafe sqlite3_db_status(
        sqliteConnection, SQLITE_DBSTATUS_CACHE_WRITE, &now, &most, 1)
      return Int(now)
    }

    /// How long to wait for another process that is writing.
    func setBusyTimeout(milliseconds: Int) {
      _ = unsafe sqlite3_busy_timeout(sqliteConnection, Int32(milliseconds))
    }

    /// - Returns: whether the statement stands at a row.
    fileprivate func step(_ statement: Statement) throws -> Bool {
      switch unsafe sqlite3_step(statement.sqliteStatement) {
      case SQLITE_ROW: true
      case SQLITE_DONE: false
      case let code: throw error(code)
      }
    }

    private func bind(_ arguments: [Bound], to statement: Statement) throws {
      let handle = unsafe statement.sqliteStatement
      // Whoever was interrupted before may have left it in the middle.
      _ = unsafe sqlite3_reset(handle)
      let count = Int(unsafe sqlite3_bind_parameter_count(handle))
      guard count == arguments.count else {
        throw DatabaseError(
          resultCode: .SQLITE_MISUSE,
          message: "\(arguments.count) arguments for \(count) in `\(statement.sql)`")
      }
      for index in arguments.indices {
        let code = unsafe arguments[index].bind(Int32(index + 1), handle)
        guard code == SQLITE_OK else { throw error(code) }
      }
    }

    private func error(_ code: Int32) -> DatabaseError {
      let message = unsafe String(cString: sqlite3_errmsg(sqliteConnection))
      return DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
    }
  }

  extension Bound {
    fileprivate func bind(_ place: Int32, _ handle: SQLiteStatement) -> Int32 {
      // SQLite makes a copy of its own: nothing here lives as long as the statement runs.
      let copies = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
      switch self {
      case .null: return unsafe sqlite3_bind_null(handle, place)
      case .integer(let value): return unsafe sqlite3_bind_int64(handle, place, value)
      // No pointer to nothing would be null.
      case .bytes(let bytes) where bytes.isEmpty:
        return unsafe sqlite3_bind_zeroblob(handle, place, 0)
      case .bytes(let bytes):
        return unsafe bytes.withUnsafeBytes {
          unsafe sqlite3_bind_blob64(
            handle, place, $0.baseAddress, sqlite3_uint64($0.count), copies)
        }
      case .text(var text):
        return text.withUTF8 { utf8 in
          unsafe utf8.withMemoryRebound(to: CChar.self) {
            unsafe sqlite3_bind_text64(
              handle, place, $0.baseAddress, sqlite3_uint64($0.count), copies, UInt8(SQLITE_UTF8))
          }
        }
      }
    }
  }

  /// The rows of a statement that runs, one after the other. A statement that was not run to its end
  /// holds its snapshot, so it is reset when this goes away.
  final class StoredRows {
    fileprivate let statement: Statement
    private let db: Database

    init(_ statement: Statement, _ db: Database) { (self.statement, self.db) = (statement, db) }

    deinit { _ = unsafe sqlite3_reset(statement.sqliteStatement) }

    /// The next row, which is good until the one after it is asked for.
    func next() throws -> StoredRow? {
      try db.step(statement) ? StoredRow(self) : nil
    }
  }

  /// One row, good as long as its `StoredRows` stands at it.
  struct StoredRow {
    private let rows: StoredRows
    private var statement: Statement { rows.statement }

    fileprivate init(_ rows: StoredRows) { self.rows = rows }

    func int64(_ column: Int) -> Int64 {
      withExtendedLifetime(rows) {
        unsafe sqlite3_column_int64(statement.sqliteStatement, Int32(column))
      }
    }

    func isNull(_ column: Int) -> Bool {
      withExtendedLifetime(rows) {
        unsafe sqlite3_column_type(statement.sqliteStatement, Int32(column)) == SQLITE_NULL
      }
    }

    /// A blob, copied once.
    func bytes(_ column: Int) -> [UInt8] {
      withExtendedLifetime(rows) {
        let handle = unsafe statement.sqliteStatement
        guard let start = unsafe sqlite3_column_blob(handle, Int32(column)) else { return [] }
        let count = Int(unsafe sqlite3_column_bytes(handle, Int32(column)))
        return unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: count))
      }
    }
  }
#endif
