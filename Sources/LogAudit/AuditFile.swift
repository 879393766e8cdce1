#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Why a file of keys or heads can't be used.
public struct AuditFileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What went wrong, and with which file.
  public let description: String

  init(_ path: String, _ what: String) { description = "`\(path)` \(what)" }

  static func last(_ path: String, _ what: String) -> AuditFileError {
    let text = unsafe String(cString: strerror(errno))
    return AuditFileError(path, "\(what): \(text.prefix(1).lowercased() + text.dropFirst())")
  }
}

/// The few things that heads and keys need of files: everything here that takes a pointer.
enum AuditFile {
  /// The largest file that is read as a whole.
  static let largest = 64 << 20

  private final class Descriptor {
    let number: Int32

    init?(_ path: String, _ flags: Int32, _ mode: mode_t = 0) {
      number = unsafe open(path, flags | O_CLOEXEC, mode)
      if number < 0 { return nil }
    }

    // Also runs when `init` fails; closing nothing would hide why.
    deinit { if number >= 0 { close(number) } }

    func status() -> stat {
      var status = stat()
      _ = unsafe fstat(number, &status)
      return status
    }
  }

  /// All of a file; nil if there is none.
  ///
  /// - Parameter isSecret: refuses a file that others than its owner may read.
  static func read(_ path: String, isSecret: Bool = false) throws(AuditFileError) -> [UInt8]? {
    guard let file = Descriptor(path, O_RDONLY) else {
      if errno == ENOENT { return nil }
      throw .last(path, "can't be opened")
    }
    let status = file.status()
    guard status.st_mode & S_IFMT == S_IFREG else { throw AuditFileError(path, "is not a file") }
    guard status.st_size <= largest else { throw AuditFileError(path, "is too large") }
    if isSecret, status.st_mode & 0o077 != 0 {
      throw AuditFileError(path, "may be read by others than its owner: chmod 600 it")
    }
    return try read(file, path)
  }

  private static func read(_ file: Descriptor, _ path: String) throws(AuditFileError) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe chunk.withUnsafeMutableBytes { buffer in
        unsafe Swift.max(-1, systemRead(file.number, buffer.baseAddress, buffer.count))
      }
      if count == 0 { return bytes }
      if count > 0 {
        bytes += chunk[..<count]
      } else if errno != EINTR {
        throw .last(path, "can't be read")
      }
    }
  }

  /// Makes a file that is not there yet, durably.
  static func create(_ path: String, _ bytes: [UInt8], mode: mode_t) throws(AuditFileError) {
    guard let file = Descriptor(path, O_WRONLY | O_CREAT | O_EXCL, mode) else {
      throw errno == EEXIST
        ? AuditFileError(path, "is there already: it is never overwritten")
        : .last(path, "can't be made")
    }
    try write(bytes, to: file, path)
    try syncFolder(of: path)
  }

  /// Appends a line and syncs it. A line that a crash left unfinished is removed first: nobody was
  /// told that it was written.
  static func append(line: [UInt8], to path: String) throws(AuditFileError) {
    let isNew = unsafe access(path, F_OK) != 0
    guard let file = Descriptor(path, O_RDWR | O_CREAT, 0o644) else {
      throw .last(path, "can't be opened")
    }
    guard flock(file.number, LOCK_EX) == 0 else { throw .last(path, "can't be locked") }
    let bytes = try read(file, path)
    let whole = (bytes.lastIndex(of: 0x0A) ?? -1) + 1
    guard ftruncate(file.number, off_t(whole)) == 0, lseek(file.number, 0, SEEK_END) >= 0 else {
      throw .last(path, "can't be written")
    }
    try write(line + [0x0A], to: file, path)
    if isNew { try syncFolder(of: path) }
  }

  private static func write(
    _ bytes: [UInt8], to file: Descriptor, _ path: String
  ) throws(AuditFileError) {
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes[written...].withUnsafeBytes { rest in
        unsafe systemWrite(file.number, rest.baseAddress, rest.count)
      }
      if count >= 0 {
        written += count
      } else if errno != EINTR {
        throw .last(path, "can't be written")
      }
    }
    guard fsync(file.number) == 0 else { throw .last(path, "can't be made durable") }
  }

  private static func syncFolder(of path: String) throws(AuditFileError) {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    guard let descriptor = Descriptor(folder, O_RDONLY), fsync(descriptor.number) == 0 else {
      throw .last(folder, "can't be made durable")
    }
  }
}

// The system's own functions, where a method of the same name would hide them.
private let systemRead = unsafe read
private let systemWrite = unsafe write
