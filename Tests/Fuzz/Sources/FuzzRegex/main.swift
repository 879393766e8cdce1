import CEL
import FuzzDriver
import Glibc

private let programs: [CompiledExpression] = {
  var environment = Environment(extensions: .all)
  environment.declare("pattern", .string)
  environment.declare("text", .string)
  return [
    "text.matches(pattern)", "regex.extractAll(text, pattern)", "regex.replace(text, pattern, 'x')",
  ]
  .compactMap { try? environment.compile($0) }
}()

/// A pattern and a text, separated by the first zero byte: `matches`, `regex.extractAll` and
/// `regex.replace`.
func test(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
  let bytes = UnsafeBufferPointer(start: data, count: size)
  let cut = bytes.firstIndex(of: 0) ?? size
  let pattern = String(decoding: bytes[..<cut], as: UTF8.self)
  let text = String(decoding: bytes[min(cut + 1, size)...], as: UTF8.self)
  for compiled in programs {
    _ = try? compiled.evaluate(["pattern": .string(pattern), "text": .string(text)])
  }
  return 0
}

exit(fuzz { test($0, $1) })
