namespace Wharf.Gateway.Edge;

/// <summary>The client reset the call or closed its connection while the server read the request.</summary>
internal sealed class BrokenCallException(Exception inner) : Exception("The client ended the call", inner);
