#if Server
  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #else
    import Darwin
  #endif

  /// What a file of records holds: users or API keys.
  public protocol FileTable: Sendable {
    /// A table without records.
    init()

    /// Reads all of a file.
    ///
    /// - Throws: `FileFault` with everything that is wrong, each with its place.
    init(_ bytes: [UInt8], file: String) throws(FileFault)

    /// The file.
    var bytes: [UInt8] { get }

    /// What records are called: `users`.
    static var noun: String { get }
  }

  /// A file that is replaced as a whole, by one process at a time, and that only its owner may read.
  public struct TableFile<Table: FileTable>: Sendable {
    /// Where it is.
    public let path: String

    /// The file at a path, not yet read.
    public init(_ path: String) { self.path = path }

    /// What is in the file.
    ///
    /// - Throws: `FileFault`, also if there is no file.
    public func read() throws(FileFault) -> Table {
      guard let (bytes, _) = try PlainFile.read(path, limit: AuthenticationLimits.fileBytes) else {
        throw missing
      }
      return try Table(bytes, file: path)
    }

    /// Changes what is in the file: reads it, has it changed, and puts a new file in its place. A
    /// reader sees the one or the other, whenever a process or the machine stops.
    ///
    /// - Parameter isNew: whether the file may be made if there is none; with nil it must not be
    ///   there.
    /// - Throws: `FileFault`, and what `body` throws; then nothing has changed.
    public func change<Result>(
      ifAbsent: IfAbsent = .refuse, _ body: (inout Table) throws(FileFault) -> Result
    ) throws(FileFault) -> Result {
      let target = PlainFile.resolved(path)
      let lock = try lock(target)
      defer { _ = lock }
      var table: Table
      if ifAbsent == .mustBe {
        guard !PlainFile.isThere(target) else {
          throw FileFault("file-exists", "`\(path)` is there already")
        }
        table = Table()
      } else if let (bytes, _) = try PlainFile.read(target, limit: AuthenticationLimits.fileBytes) {
        table = try Table(bytes, file: path)
      } else if ifAbsent == .create {
        table = Table()
      } else {
        throw missing
      }
      let result = try body(&table)
      let bytes = table.bytes
      // What could not be read back must not be written.
      _ = try Table(bytes, file: path)
      guard bytes.count <= AuthenticationLimits.fileBytes else {
        throw FileFault(
          "file-not-written",
          "`\(path)` would be larger than \(AuthenticationLimits.fileBytes) bytes")
      }
      try replace(target, with: bytes)
      return result
    }

    /// What to do if there is no file.
    public enum IfAbsent: Sendable {
      /// Say so.
      case refuse
      /// Make one.
      case create
      /// Make one; and if there is one, say so.
      case mustBe
    }

    private var missing: FileFault {
      FileFault("file-missing", "there is no file of \(Table.noun) `\(path)`")
    }

    /// Beside the file, because the file itself is replaced. It stays there.
    private func lock(_ target: String) throws(FileFault) -> PlainFile.Handle {
      guard let handle = PlainFile.Handle(target + ".lock", O_RDWR | O_CREAT, 0o600) else {
        throw .last("file-not-written", target + ".lock", "can't be made")
      }
      for _ in 0..<(AuthenticationLimits.lockSeconds * 50) {
        if PlainFile.lock(handle) { return handle }
        PlainFile.rest()
      }
      throw FileFault(
        "file-busy", "`\(path)` is being changed by another process", help: "try again")
    }

    private func replace(_ target: String, with bytes: [UInt8]) throws(FileFault) {
      let temporary = "\(target).\(Randomness.text(12)).tmp"
      guard let file = PlainFile.Handle(temporary, O_WRONLY | O_CREAT | O_EXCL, 0o600) else {
        throw .last("file-not-written", temporary, "can't be made")
      }
      do throws(FileFault) {
        PlainFile.keepOwner(of: target, for: file)
        try PlainFile.write(bytes, to: file, temporary)
        try PlainFile.rename(temporary, to: target)
      } catch {
        PlainFile.remove(temporary)
        throw error
      }
      try PlainFile.syncFolder(of: target)
    }
  }
#endif
