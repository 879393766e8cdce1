// The façade of the module: everything that judges policies instead of requests. It reads no file,
// writes no file and has no clock: texts come in, values and texts go out, and the command does the
// rest.
//
// A folder is a job: `Testing` (test documents and their runner), `Coverage`, `Mutation`,
// `Reports` (the formats that other tools read).

/// The limits of what judges policies. Each has a test on either side of it.
public enum ComplianceLimits {
}
