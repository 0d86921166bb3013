namespace Wharf.Rpc;

/// <summary>The words of the wire form, which is the plugin guide's: a call names its method and parameters, an answer is a result or an error.</summary>
internal static class RpcWire
{
    public const string Method = "method";
    public const string Result = "result";
    public const string Error = "error";

    /// <summary>One of the values of a method that pushes; its result comes after the last.</summary>
    public const string Item = "item";

    /// <summary>Beside an error: the number of its status, when it has one.</summary>
    public const string Status = "status";
}
