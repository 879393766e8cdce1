#if Server
  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #else
    import Darwin
  #endif

  /// What tells one state of a file from another without reading it.
  struct FileStamp: Hashable, Sendable {
    private let device, inode, size, seconds, nanoseconds, changed, changedNanoseconds: Int64
    private let mode: UInt32
    /// Whether the file is old enough for a later change to get a later time: clocks of file systems
    /// move in steps of milliseconds.
    let isSettled: Bool

    fileprivate init(_ status: stat) {
      #if canImport(Darwin)
        let (modified, changed) = (status.st_mtimespec, status.st_ctimespec)
      #else
        let (modified, changed) = (status.st_mtim, status.st_ctim)
      #endif
      device = Int64(truncatingIfNeeded: status.st_dev)
      inode = Int64(truncatingIfNeeded: status.st_ino)
      size = Int64(status.st_size)
      (seconds, nanoseconds) = (Int64(modified.tv_sec), Int64(modified.tv_nsec))
      self.changed = Int64(changed.tv_sec)
      changedNanoseconds = Int64(changed.tv_nsec)
      mode = UInt32(status.st_mode)
      var now = timespec()
      _ = unsafe clock_gettime(CLOCK_REALTIME, &now)
      let age =
        (Int64(now.tv_sec) - self.changed) * 1_000 + (Int64(now.tv_nsec) - changedNanoseconds)
        / 1_000_000
      isSettled = age > 100
    }
  }

  /// The few things that are needed of files: everything here that takes a pointer.
  enum PlainFile {
    /// An open file.
    final class Handle {
      let descriptor: Int32

      init?(_ path: String, _ flags: Int32, _ mode: mode_t = 0) {
        descriptor = unsafe open(path, flags | O_CLOEXEC, mode)
        if descriptor < 0 { return nil }
      }

      // Also runs when `init` fails; closing nothing would hide why.
      deinit { if descriptor >= 0 { close(descriptor) } }

      func status() -> stat? {
        var status = stat()
        return unsafe fstat(descriptor, &status) == 0 ? status : nil
      }
    }

    /// The state of a file; nil if there is none.
    static func stamp(_ path: String) -> FileStamp? {
      var status = stat()
      guard unsafe stat(path, &status) == 0 else { return nil }
      return FileStamp(status)
    }

    /// All of a file that nobody but its owner may write; nil if there is none.
    static func read(
      _ path: String, limit: Int
    ) throws(FileFault) -> (bytes: [UInt8], stamp: FileStamp)? {
      guard let file = Handle(path, O_RDONLY | O_NONBLOCK) else {
        if errno == ENOENT { return nil }
        throw .last("file-unreadable", path, "can't be opened")
      }
      guard let status = file.status() else {
        throw .last("file-unreadable", path, "can't be read")
      }
      guard status.st_mode & S_IFMT == S_IFREG else {
        throw FileFault("file-unreadable", "`\(path)` is not a file")
      }
      guard status.st_mode & 0o022 == 0 else {
        throw FileFault(
          "file-unsafe", "`\(path)` may be written by others than its owner",
          help: "chmod go-w it, and check that nobody has changed it")
      }
      guard status.st_uid == 0 || status.st_uid == geteuid() else {
        throw FileFault(
          "file-unsafe", "`\(path)` belongs to another user than the one that reads it",
          help: "chown it, and check what is in it")
      }
      guard status.st_size <= limit else {
        throw FileFault("file-unreadable", "`\(path)` is larger than \(limit) bytes")
      }
      return (try contents(file, path, limit), FileStamp(status))
    }

    private static func contents(
      _ file: Handle, _ path: String, _ limit: Int
    ) throws(FileFault) -> [UInt8] {
      var bytes: [UInt8] = []
      var chunk = [UInt8](repeating: 0, count: 1 << 16)
      while true {
        let count = unsafe chunk.withUnsafeMutableBytes { buffer in
          unsafe systemRead(file.descriptor, buffer.baseAddress, buffer.count)
        }
        if count == 0 { return bytes }
        if count > 0 {
          bytes += chunk[..<count]
          guard bytes.count <= limit else {
            throw FileFault("file-unreadable", "`\(path)` is larger than \(limit) bytes")
          }
        } else if errno != EINTR {
          throw .last("file-unreadable", path, "can't be read")
        }
      }
    }

    static func write(_ bytes: [UInt8], to file: Handle, _ path: String) throws(FileFault) {
      var written = 0
      while written < bytes.count {
        let count = unsafe bytes[written...].withUnsafeBytes { rest in
          unsafe systemWrite(file.descriptor, rest.baseAddress, rest.count)
        }
        if count >= 0 {
          written += count
        } else if errno != EINTR {
          throw .last("file-not-written", path, "can't be written")
        }
      }
      guard fsync(file.descriptor) == 0 else {
        throw .last("file-not-written", path, "can't be made durable")
      }
    }

    static func rename(_ from: String, to path: String) throws(FileFault) {
      guard unsafe systemRename(from, path) == 0 else {
        throw .last("file-not-written", path, "can't be replaced")
      }
    }

    static func remove(_ path: String) { _ = unsafe unlink(path) }

    static func isThere(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// Tries to be the only one who holds a file's lock.
    static func lock(_ file: Handle) -> Bool { flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 }

    static func rest() { usleep(20_000) }

    /// Gives a file that root writes to whom the one before it belonged to, who would not be able to
    /// read it otherwise.
    static func keepOwner(of path: String, for file: Handle) {
      var status = stat()
      guard geteuid() == 0, unsafe stat(path, &status) == 0 else { return }
      _ = fchown(file.descriptor, status.st_uid, status.st_gid)
    }

    /// What links lead to, so that they and not the links are replaced.
    static func resolved(_ path: String) -> String {
      guard let real = unsafe realpath(path, nil) else { return path }
      defer { unsafe free(real) }
      return unsafe String(cString: real)
    }

    static func syncFolder(of path: String) throws(FileFault) {
      let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
      guard let handle = Handle(folder, O_RDONLY), fsync(handle.descriptor) == 0 else {
        throw .last("file-not-written", folder, "can't be made durable")
      }
    }
  }

  extension FileFault {
    /// What the system said.
    static func last(_ code: String, _ path: String, _ what: String) -> FileFault {
      let text = unsafe String(cString: strerror(errno))
      return FileFault(
        code, "`\(path)` \(what): \(text.prefix(1).lowercased() + text.dropFirst())")
    }
  }

  // The system's own functions, where a method of the same name would hide them.
  private let systemRead = unsafe read
  private let systemWrite = unsafe write
  private let systemRename = unsafe rename
#endif
