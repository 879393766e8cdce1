#if SQLite
  import Foundation

  /// What the recorder wrote down.
  struct Trace {
    enum Event {
      case write(file: Int, offset: Int, bytes: [UInt8])
      case truncate(file: Int, length: Int)
      case sync(file: Int)
      case remove(file: Int)
    }

    private(set) var events: [Event] = []
    /// The last part of each file's path.
    private(set) var names: [String] = []

    init(_ path: String) {
      let data = [UInt8](FileManager.default.contents(atPath: path) ?? Data())
      var at = 0
      func number(_ offset: Int, _ count: Int) -> Int {
        (0..<count).reduce(0) { $0 | Int(data[offset + $1]) << (8 * $1) }
      }
      while at + 14 <= data.count {
        let (type, file) = (data[at], Int(data[at + 1]))
        let (offset, count) = (number(at + 2, 8), number(at + 10, 4))
        // The process was killed while it wrote.
        guard at + 14 + count <= data.count else { break }
        let bytes = Array(data[(at + 14)..<(at + 14 + count)])
        at += 14 + count
        switch type {
        case UInt8(ascii: "N"):
          let name = String(decoding: bytes, as: UTF8.self)
          names.append(String(name.split(separator: "/").last ?? ""))
        case UInt8(ascii: "W"): events.append(.write(file: file, offset: offset, bytes: bytes))
        case UInt8(ascii: "T"): events.append(.truncate(file: file, length: offset))
        case UInt8(ascii: "U"): events.append(.remove(file: file))
        default: events.append(.sync(file: file))
        }
      }
    }
  }

  /// A file on a disk that keeps what was synced, and of the rest what it likes.
  struct DiskFile {
    /// Names of files are durable at once.
    private(set) var exists = false
    private var durable: [UInt8] = []
    private var pending: [Change] = []

    private enum Change {
      case write(Int, [UInt8])
      case truncate(Int)
    }

    /// What becomes of what was not synced.
    enum Fate: CaseIterable {
      case dropped, kept, cutOff, torn, scattered
    }

    static let sector = 512

    mutating func write(_ offset: Int, _ bytes: [UInt8]) {
      exists = true
      pending.append(.write(offset, bytes))
    }
    mutating func remove() { self = DiskFile() }
    mutating func truncate(_ length: Int) { pending.append(.truncate(length)) }
    mutating func sync() {
      for change in pending { Self.apply(change, &durable) }
      pending = []
    }

    /// What is there after the power went.
    func left(_ fate: Fate, _ random: inout some RandomNumberGenerator) -> [UInt8] {
      var bytes = durable
      switch fate {
      case .dropped: break
      case .kept: for change in pending { Self.apply(change, &bytes) }
      case .cutOff, .torn:
        let count = Int.random(in: 0...pending.count, using: &random)
        for change in pending.prefix(count) { Self.apply(change, &bytes) }
        if fate == .torn, count < pending.count,
          case .write(let offset, let content) = pending[count]
        {
          let sectors = content.count / Self.sector
          let part = Int.random(in: 0...sectors, using: &random) * Self.sector
          Self.apply(.write(offset, Array(content.prefix(part))), &bytes)
        }
      case .scattered:
        // Each sector by itself reaches the disk or does not, in any order.
        for change in pending.flatMap(Self.sectors).shuffled(using: &random)
        where Bool.random(using: &random) { Self.apply(change, &bytes) }
      }
      return bytes
    }

    private static func sectors(_ change: Change) -> [Change] {
      guard case .write(let offset, let bytes) = change else { return [change] }
      return stride(from: 0, to: bytes.count, by: sector).map {
        .write(offset + $0, Array(bytes[$0..<min($0 + sector, bytes.count)]))
      }
    }

    private static func apply(_ change: Change, _ bytes: inout [UInt8]) {
      switch change {
      case .truncate(let length):
        if length < bytes.count {
          bytes.removeSubrange(length...)
        } else {
          bytes += [UInt8](repeating: 0, count: length - bytes.count)
        }
      case .write(let offset, let content):
        guard !content.isEmpty else { return }
        let end = offset + content.count
        if end > bytes.count { bytes += [UInt8](repeating: 0, count: end - bytes.count) }
        bytes.replaceSubrange(offset..<end, with: content)
      }
    }
  }
#endif
