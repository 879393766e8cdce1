#if SQLite
  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #else
    import Darwin
  #endif
  import ModelRegistry

  /// What the store asks of the file system itself: everything here that takes a pointer.
  ///
  /// A store's file is never opened here while SQLite has it open: closing it would give up
  /// SQLite's locks.
  enum FileSystem {
    enum Kind { case missing, file, folder, other }

    static func kind(of path: String) throws(StoreError) -> Kind {
      var status = stat()
      guard unsafe stat(path, &status) == 0 else {
        if errno == ENOENT { return .missing }
        throw .unavailable("`\(path)` can't be looked at: \(reason)")
      }
      switch status.st_mode & S_IFMT {
      case S_IFREG: return .file
      case S_IFDIR: return .folder
      default: return .other
      }
    }

    static func mayRead(_ path: String) -> Bool { unsafe access(path, R_OK) == 0 }

    static func mayWrite(_ path: String) -> Bool { unsafe access(path, W_OK) == 0 }

    /// Makes an empty file that only its owner may read, for good: its entry in the folder is synced
    /// too. SQLite gives its other files the same rights.
    ///
    /// - Returns: false if there is a file already.
    static func create(_ path: String) throws(StoreError) -> Bool {
      let file = unsafe open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
      guard file >= 0 else {
        switch errno {
        case EEXIST: return false
        case EACCES, EROFS, ENOSPC, EPERM, EDQUOT:
          throw .notWritable("`\(path)` can't be made: \(reason)")
        default: throw .unavailable("`\(path)` can't be made: \(reason)")
        }
      }
      close(file)
      try sync(folder(of: path))
      return true
    }

    /// Makes what was written to a file, or into a folder, durable.
    static func sync(_ path: String) throws(StoreError) {
      let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
      guard file >= 0 else { throw .unavailable("`\(path)` can't be opened: \(reason)") }
      defer { close(file) }
      guard fsync(file) == 0 else {
        throw .unavailable("`\(path)` can't be made durable: \(reason)")
      }
    }

    /// Gives a file its place, unless there is one already, for good.
    static func move(_ path: String, to target: String) throws(StoreError) {
      // A link, unlike a renaming, never replaces what another process put there meanwhile.
      guard unsafe link(path, target) == 0 else {
        throw errno == EEXIST
          ? .notWritable("there is a file `\(target)` already")
          : .notWritable("`\(target)` can't be made: \(reason)")
      }
      remove(path)
      try sync(folder(of: target))
    }

    static func remove(_ path: String) { unsafe unlink(path) }

    static func folder(of path: String) -> String {
      guard let slash = path.lastIndex(of: "/") else { return "." }
      return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The path as SQLite takes it for a path: it would read `file:…` as a URI, and `:memory:` and
    /// nothing at all as databases without a file.
    static func plain(_ path: String) throws(StoreError) -> String {
      guard !path.isEmpty, !path.utf8.contains(0) else {
        throw .unavailable("`\(path)` is no path of a file")
      }
      return path.hasPrefix("/") ? path : "./\(path)"
    }

    private static var reason: String {
      let text = unsafe String(cString: strerror(errno))
      return text.prefix(1).lowercased() + text.dropFirst()
    }
  }
#endif
