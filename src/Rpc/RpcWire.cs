namespace Wharf.Rpc;

/// <summary>The property names of the JSON form. A call has a method and parameters; an answer has a result or an error.</summary>
internal static class RpcWire
{
    public const string Method = "method";
    public const string Result = "result";
    public const string Error = "error";

    /// <summary>One of the values of a method that pushes. The result follows the last item.</summary>
    public const string Item = "item";

    /// <summary>The status code of an error, if it has one.</summary>
    public const string Status = "status";
}
