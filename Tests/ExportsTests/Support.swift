import Exports
import Foundation
import ModelRegistry
import PolicyEngine

enum Checkout {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static let shipped = Result {
    try PolicySet(folder: root.appendingPathComponent("policies").path)
  }
}

extension RegistryExport {
  /// Files by name and text.
  static func of(
    _ system: ExportSystem, _ texts: [String]
  ) throws(PolicyLoadError) -> RegistryExport {
    try RegistryExport(
      texts.enumerated().map { PolicySource(name: "\($0).json", bytes: Array($1.utf8)) },
      of: system)
  }
}

/// Codes and places of what is wrong with files.
func faults(_ system: ExportSystem, _ texts: [String]) -> [String] {
  do throws(PolicyLoadError) {
    return try RegistryExport.of(system, texts).notes.map { "\($0.code) \($0.position)" }
  } catch {
    return error.diagnostics.map { "\($0.code) \($0.position)" }
  }
}
