namespace Wharf.Rpc;

/// <summary>A call that is not what the contract says: its caller is at fault, and is told what the method takes.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="inner">What led to it, if anything.</param>
public sealed class RpcCallException(string message, Exception? inner = null) : FormatException(message, inner);
