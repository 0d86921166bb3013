namespace Wharf.Rpc;

/// <summary>Thrown for a call that does not match the contract. The caller receives the message, which describes the parameters of the method.</summary>
/// <param name="message">The message for the caller.</param>
/// <param name="inner">The cause, if there is one.</param>
public sealed class RpcCallException(string message, Exception? inner = null) : FormatException(message, inner);
