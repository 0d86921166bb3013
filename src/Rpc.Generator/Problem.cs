using Microsoft.CodeAnalysis;

namespace Wharf.Rpc.Generator;

/// <summary>The diagnostics of a contract.</summary>
internal static class Problem
{
    public static readonly DiagnosticDescriptor Shape = Error("WHARF001", "A contract must be a partial interface", "{0}: a contract must be a top-level partial interface without type parameters");
    public static readonly DiagnosticDescriptor Member = Error("WHARF002", "A contract must have methods only", "{0}: a contract must have methods only, without type parameters and without ref, in or out");
    public static readonly DiagnosticDescriptor Result = Error("WHARF003", "A method of a contract must be asynchronous", "{0} must return Task, Task<T>, ValueTask, ValueTask<T> or IAsyncEnumerable<T>");
    public static readonly DiagnosticDescriptor Json = Error("WHARF004", "A type has no JSON metadata", "{0} is not a plain type: name a JsonSerializerContext with [JsonSerializable(typeof({0}))] as the contract's JsonContext");
    public static readonly DiagnosticDescriptor Name = Error("WHARF005", "A name on the wire is not unique", "{0} has the same name on the wire as another member: {1}");
    public static readonly DiagnosticDescriptor Parameter = Error("WHARF006", "A contract cannot be a parameter", "{0}: pass an object with a contract as IServerObject, the Target of its proxy");
    public static readonly DiagnosticDescriptor Reference = Error("WHARF007", "A type cannot be a reference", "{0}: a table or object must be an ITable, an IServerObject or, as a result, another contract, or an IReadOnlyList<T> of them; {1} is none of these");

    private static DiagnosticDescriptor Error(string id, string title, string message) => new(id, title, message, "Wharf.Rpc", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
