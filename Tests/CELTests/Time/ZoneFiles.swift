import Foundation
import Testing

@testable import CEL

/// The zone files of the machine, and files made by hand.
enum ZoneFiles {
  static let directory = "/usr/share/zoneinfo"

  static var areInstalled: Bool {
    FileManager.default.fileExists(atPath: "\(directory)/Europe/London")
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    let data = FileManager.default.contents(atPath: "\(directory)/\(name)")
    return Array(try #require(data, "no zone file `\(name)`"))
  }

  /// A file of version 2 with the given transitions (time and type), types and footer.
  static func make(
    version: Character = "2", transitions: [(Int64, UInt8)] = [], types: [Int32] = [0],
    leapSeconds: Int = 0, footer: String? = nil
  ) -> [UInt8] {
    var bytes = block(version: version, timeSize: 4, transitions, types, leapSeconds)
    guard version != "\0" else { return bytes }
    bytes += block(version: version, timeSize: 8, transitions, types, leapSeconds)
    return bytes + Array("\n\(footer ?? "")\n".utf8)
  }

  private static func block(
    version: Character, timeSize: Int, _ transitions: [(Int64, UInt8)], _ types: [Int32],
    _ leapSeconds: Int
  ) -> [UInt8] {
    var bytes = Array("TZif\(version)".utf8) + [UInt8](repeating: 0, count: 15)
    for count in [0, 0, leapSeconds, transitions.count, types.count, 4] {
      bytes += bigEndian(UInt64(count), size: 4)
    }
    for (time, _) in transitions { bytes += bigEndian(UInt64(bitPattern: time), size: timeSize) }
    bytes += transitions.map(\.1)
    for type in types {
      bytes += bigEndian(UInt64(bitPattern: Int64(type)), size: 4) + [0, 0]
    }
    return bytes + Array("LMT\0".utf8)
      + [UInt8](repeating: 0, count: leapSeconds * (timeSize + 4))
  }

  private static func bigEndian(_ value: UInt64, size: Int) -> [UInt8] {
    (0..<size).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
  }
}
