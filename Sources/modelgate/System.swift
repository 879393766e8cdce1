#if CLI
  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #else
    import Darwin
  #endif

  // The system's own functions, where a method of the same name would hide them.
  private let sendBytes = unsafe write
  private let receiveBytes = unsafe read

  /// The operating system: everything that takes a pointer is in this file.
  enum System {
    /// What the system said when it refused: `No such file or directory`.
    struct Refusal: Error {
      let message: String

      static var last: Refusal {
        let text = unsafe String(cString: strerror(errno))
        return Refusal(message: text.prefix(1).lowercased() + text.dropFirst())
      }
    }

    static let standardInput: Int32 = 0
    static let standardOutput: Int32 = 1
    static let standardError: Int32 = 2

    /// Processors that may run something at the same time.
    static var cores: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    static func environment(_ name: String) -> String? {
      unsafe getenv(name).map { unsafe String(cString: $0) }
    }

    /// Asks at the terminal, and shows nothing of what is typed.
    static func secret(prompt: String) throws(Refusal) -> [UInt8] {
      var settings = termios()
      guard unsafe tcgetattr(standardInput, &settings) == 0 else { throw .last }
      var silent = settings
      // Byte by byte, and an interrupt as a byte too: the terminal must not stay silent afterwards.
      silent.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
      guard unsafe tcsetattr(standardInput, TCSAFLUSH, &silent) == 0 else { throw .last }
      try? write(Array(prompt.utf8), to: standardError)
      defer {
        _ = unsafe tcsetattr(standardInput, TCSAFLUSH, &settings)
        try? write([0x0A], to: standardError)
      }
      var line: [UInt8] = []
      while true {
        var byte: UInt8 = 0
        let count = unsafe receiveBytes(standardInput, &byte, 1)
        if count < 0, errno == EINTR { continue }
        if count < 0 { throw .last }
        switch byte {
        case _ where count == 0: return line
        case 0x03, 0x1C: throw Refusal(message: "interrupted")
        case 0x04, 0x0A, 0x0D: return line
        case 0x08, 0x7F:
          while let last = line.popLast(), last & 0xC0 == 0x80 {}
        case 0x15: line.removeAll()
        default: line.append(byte)
        }
      }
    }

    /// Columns of the terminal behind a descriptor.
    static func width(_ descriptor: Int32) -> Int? {
      var size = winsize()
      guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
        return nil
      }
      return Int(size.ws_col)
    }

    /// Where a byte comes next, as fast as memory can be read.
    static func firstIndex(of byte: UInt8, in bytes: [UInt8], from: Int) -> Int? {
      unsafe bytes.withUnsafeBytes { buffer in
        guard from < buffer.count, let start = buffer.baseAddress,
          let found = unsafe memchr(start + from, Int32(byte), buffer.count - from)
        else { return nil }
        return unsafe start.distance(to: UnsafeRawPointer(found))
      }
    }

    /// Makes a file of these bytes, or overwrites it.
    static func write(_ bytes: [UInt8], toFile path: String) throws(Refusal) {
      let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else { throw .last }
      defer { close(descriptor) }
      try write(bytes, to: descriptor)
    }

    /// What time it is, in milliseconds since the Unix epoch.
    @Sendable static func milliseconds() -> Int64 {
      var now = timespec()
      guard unsafe clock_gettime(CLOCK_REALTIME, &now) == 0 else { return 0 }
      return Int64(now.tv_sec) * 1_000 + Int64(now.tv_nsec) / 1_000_000
    }

    /// Ends the process.
    static func end(_ status: Int32) -> Never { exit(status) }

    /// Writes all of it. Where nobody listens any more, the process ends quietly, as a signal would
    /// have ended it.
    static func write(_ bytes: [UInt8], to descriptor: Int32) throws(Refusal) {
      var written = 0
      while written < bytes.count {
        let count = unsafe bytes[written...].withUnsafeBytes { rest in
          unsafe sendBytes(descriptor, rest.baseAddress, rest.count)
        }
        if count >= 0 {
          written += count
        } else if errno == EPIPE {
          exit(128 + SIGPIPE)
        } else if errno != EINTR && errno != EAGAIN {
          throw .last
        }
      }
    }
  }

  /// A file that is read from its beginning to its end, once.
  final class InputFile {
    /// How messages call it.
    let name: String
    /// Its size, if it is a regular file.
    let size: Int?
    private let descriptor: Int32

    /// `-` is standard input.
    init(_ path: String) throws(System.Refusal) {
      let isStandard = path == "-"
      name = isStandard ? "<stdin>" : path
      descriptor = isStandard ? System.standardInput : unsafe open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw .last }
      // Asked without `stat`, whose type belongs to another module on some builds.
      if !isStandard, let folder = Self.folder(path) {
        close(folder)
        throw System.Refusal(message: "it is a folder")
      }
      size = Self.size(of: descriptor)
    }

    deinit {
      if descriptor != System.standardInput { close(descriptor) }
    }

    private static func folder(_ path: String) -> Int32? {
      let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      return descriptor >= 0 ? descriptor : nil
    }

    /// How long a file is, for what can be read from any place; what can't has no length.
    private static func size(of descriptor: Int32) -> Int? {
      let here = lseek(descriptor, 0, SEEK_CUR)
      guard here >= 0 else { return nil }
      let end = lseek(descriptor, 0, SEEK_END)
      _ = lseek(descriptor, here, SEEK_SET)
      return end > 0 ? Int(end) : nil
    }

    /// Appends what there is, at most `count` bytes; nothing at the end of the file.
    func read(_ count: Int, onto buffer: inout [UInt8]) throws(System.Refusal) -> Int {
      var refusal: System.Refusal?
      var received = 0
      buffer.append(addingCapacity: count) { room in
        unsafe room.withUnsafeMutableBufferPointer { free, initialized in
          repeat {
            received = unsafe receiveBytes(descriptor, free.baseAddress, count)
          } while received < 0 && errno == EINTR
          if received < 0 { refusal = .last }
          initialized = max(0, received)
        }
      }
      if let refusal { throw refusal }
      return received
    }
  }
#endif
