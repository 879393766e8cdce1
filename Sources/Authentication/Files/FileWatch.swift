#if Server
  /// Tells when files have changed, without reading them.
  public struct FileWatch: Sendable {
    private let paths: [String]
    private var stamps: [FileStamp?]

    /// Watches files from now on.
    public init(_ paths: [String]) {
      self.paths = paths
      stamps = paths.map { PlainFile.stamp($0) }
    }

    /// Whether any of them is another one than at the last look. A file that had changed only just
    /// then counts as changed once more: it may have changed again in the same instant.
    public mutating func hasChanged() -> Bool {
      let now = paths.map { PlainFile.stamp($0) }
      let isFresh = stamps.contains { $0?.isSettled == false }
      defer { stamps = now }
      return now != stamps || isFresh
    }
  }
#endif
