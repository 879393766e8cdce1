/// The functions of the extension libraries.
enum ExtensionLibraries {
  static let entries: [StandardLibrary.Entry] = [
    .init(
      .join, "list(string).join() -> string", "list(string).join(string) -> string", in: .strings),
    .init(.lowerAscii, "string.lowerAscii() -> string", in: .strings),
    .init(.upperAscii, "string.upperAscii() -> string", in: .strings),
  ]
}
