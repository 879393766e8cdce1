import FuzzDriver
import Glibc
import PolicyEngine

private let fixed: PolicySet = {
  let text = """
    {"policy": "p", "roles": {"r": {"actions": ["*"]}}, "rules": [
      {"id": "d", "description": "d", "effect": "deny", "message": "no ${resource.id}",
       "when": "has(context.x) && context.x.exists(v, v in subject.roles) || resource.id == 'x'"}]}
    """
  do {
    return try PolicySet([PolicySource(name: "fixed.json", bytes: Array(text.utf8))])
  } catch {
    fatalError("the fixed policy does not load: \(error)")
  }
}()

/// Bytes as a rule file and as a request: never a crash, and whatever loads also decides.
func test(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: size))
  var authorizer = Authorizer(fixed)
  authorizer.explains = true
  _ = try? authorizer.decide(json: bytes)
  guard let policies = try? PolicySet([PolicySource(name: "fuzz.json", bytes: bytes)]) else {
    return 0
  }
  _ = policies.runExamples()
  var other = Authorizer(policies)
  _ = try? other.decide(
    Request(
      subject: .init(type: "user", id: "u", properties: ["roles": ["r"]]),
      action: .init(name: "act"),
      resource: .init(type: "t", id: "x")))
  return 0
}

exit(fuzz { test($0, $1) })
