package import CEL
import Foundation

/// The time zone database of the machine that runs the tests.
package enum SystemZones {
  private static let root = "/usr/share/zoneinfo"

  package static let zones = TimeZones(
    read: { name in
      guard !name.contains("..") else { return nil }
      return FileManager.default.contents(atPath: "\(root)/\(name)").map { [UInt8]($0) }
    },
    names: {
      (FileManager.default.enumerator(atPath: root)?.allObjects as? [String] ?? []).filter {
        $0.first?.isUppercase ?? false
      }
    })
}
