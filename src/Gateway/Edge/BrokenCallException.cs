namespace Wharf.Gateway.Edge;

/// <summary>
/// The client reset the call or closed its connection while the server read the request, or its deadline passed while the server wrote the answer. gRPC logs a cancellation of such a call as information.
/// </summary>
internal sealed class BrokenCallException(Exception inner) : OperationCanceledException("The client ended the call", inner);
