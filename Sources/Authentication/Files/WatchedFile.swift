#if Server
  import Crypto
  import Synchronization

  /// A file whose content is in use, read again when it has changed.
  ///
  /// A new content takes the place of the old one as a whole. A file whose bytes are the same as
  /// before is no new content, however often it is written or had to be read. A file that has become unreadable, or
  /// that makes no sense, changes nothing: what was read before stays in force, and `problem` says so.
  final class WatchedFile<Content: Sendable>: Sendable {
    /// A content, and the how-manieth it is.
    struct Version: Sendable {
      let content: Content
      let number: UInt64
    }

    typealias Reader = @Sendable (_ bytes: [UInt8], _ path: String) throws(FileFault) -> Content

    private struct State {
      var version: Version
      /// Of the bytes that the version was made of; nil if there was no file.
      var digest: SHA256Digest?
      var stamp: FileStamp?
      var lastLook: Int64
      var isLooking = false
      var problem: String?
    }

    private let path: String
    private let limit: Int
    private let clock: AuthenticationSettings.Clock
    private let reader: Reader
    private let state: Mutex<State>

    /// Reads the file for the first time.
    ///
    /// - Parameter absent: what a file that is not there stands for; if nil, it must be there.
    /// - Throws: `FileFault`: what can't be read at first is not used at all.
    init(
      _ path: String, limit: Int, absent: Content?, clock: @escaping AuthenticationSettings.Clock,
      reader: @escaping Reader
    ) throws(FileFault) {
      (self.path, self.limit, self.clock, self.reader) = (path, limit, clock, reader)
      let first: (Content, SHA256Digest?, FileStamp?)
      if let (bytes, stamp) = try PlainFile.read(path, limit: limit) {
        first = (try reader(bytes, path), SHA256.hash(data: bytes), stamp)
      } else if let absent {
        first = (absent, nil, nil)
      } else {
        throw FileFault("file-missing", "there is no file `\(path)`")
      }
      state = Mutex(
        State(
          version: Version(content: first.0, number: 1), digest: first.1, stamp: first.2,
          lastLook: clock()))
    }

    /// The content in force. At most once a second it is looked whether the file has changed.
    func current() -> Version { inForce { $0.version } }

    /// The how-manieth content is in force. It is looked for changes as for `current()`.
    func currentNumber() -> UInt64 { inForce { $0.version.number } }

    private func inForce<Part: Sendable>(_ part: (borrowing State) -> Part) -> Part {
      let now = clock()
      let interval = Int64(AuthenticationLimits.secondsBetweenLooks) * 1_000
      let (known, due): (Part?, (Version, FileStamp?)?) = state.withLock { state in
        let elapsed = now - state.lastLook
        guard !state.isLooking, elapsed >= interval || elapsed < 0 else {
          return (part(state), nil)
        }
        state.isLooking = true
        state.lastLook = now
        return (nil, (state.version, state.stamp))
      }
      if let known { return known }
      if let (version, stamp) = due { look(version, stamp) }
      return state.withLock { part($0) }
    }

    /// Looks at once, for whoever has just changed the file: what it holds is in force when this
    /// returns. It may wait for somebody else who is looking, so it is nothing for an event loop.
    func refresh() {
      while true {
        let known: (Version, FileStamp?)? = state.withLock { state in
          guard !state.isLooking else { return nil }
          state.isLooking = true
          return (state.version, state.stamp)
        }
        if let (version, stamp) = known { return look(version, stamp) }
        PlainFile.rest()
      }
    }

    /// Why the file that is there now is not the one in force; nil if it is.
    var problem: String? {
      _ = current()
      return state.withLock { $0.problem }
    }

    /// Reads outside of the lock: whoever comes meanwhile uses what was there.
    private func look(_ version: Version, _ stamp: FileStamp?) {
      let seen = PlainFile.stamp(path)
      // Without a file, before and now, there is nothing to settle.
      if seen == stamp, seen?.isSettled ?? true {
        return state.withLock { $0.isLooking = false }
      }
      do throws(FileFault) {
        guard let (bytes, fresh) = try PlainFile.read(path, limit: limit) else {
          throw FileFault("file-missing", "`\(path)` is gone")
        }
        let digest = SHA256.hash(data: bytes)
        let isSame = state.withLock { $0.digest == digest }
        let next =
          isSame
          ? version : Version(content: try reader(bytes, path), number: version.number + 1)
        state.withLock { state in
          (state.version, state.digest) = (next, digest)
          (state.stamp, state.problem, state.isLooking) = (fresh, nil, false)
        }
      } catch {
        state.withLock { state in
          // Not read again until it changes again.
          (state.stamp, state.problem, state.isLooking) = (seen, error.description, false)
        }
      }
    }
  }
#endif
