using Microsoft.CodeAnalysis;

namespace Wharf.Rpc.Generator;

/// <summary>What is wrong with a contract.</summary>
internal static class Problem
{
    public static readonly DiagnosticDescriptor Shape = Error("WHARF001", "A contract is a partial interface", "{0}: a contract is a partial interface of its own, without type parameters");
    public static readonly DiagnosticDescriptor Member = Error("WHARF002", "A contract has methods only", "{0}: a contract has methods only, without type parameters and without ref, in or out");
    public static readonly DiagnosticDescriptor Result = Error("WHARF003", "A call does not block", "{0} has to return Task, Task<T>, ValueTask, ValueTask<T> or IAsyncEnumerable<T>");
    public static readonly DiagnosticDescriptor Json = Error("WHARF004", "How is it written?", "{0} is no plain type: name a JsonSerializerContext with [JsonSerializable(typeof({0}))] as the contract's JsonContext");
    public static readonly DiagnosticDescriptor Name = Error("WHARF005", "Two have one name on the wire", "{0} has a name on the wire that another one has: {1}");
    public static readonly DiagnosticDescriptor Parameter = Error("WHARF006", "This cannot be a parameter", "{0}: an object with a contract of its own is handed on as IServerObject, the Target of its proxy");
    public static readonly DiagnosticDescriptor Reference = Error("WHARF007", "How does it go along?", "{0}: a table or object is an ITable, an IServerObject or, as a result, another contract, one by one or in an IReadOnlyList<T>; {1} is none of them");

    private static DiagnosticDescriptor Error(string id, string title, string message) => new(id, title, message, "Wharf.Rpc", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
