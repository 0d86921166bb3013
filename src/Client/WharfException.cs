namespace Wharf.Client;

/// <summary>
/// What the client itself has to complain about: the server's answer is not what the protocol promises, or the session or stream has ended. A failure that
/// the server reports stays the <see cref="Grpc.Core.RpcException"/> that it is.
/// </summary>
public sealed class WharfException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="inner">What led to it, if anything.</param>
    public WharfException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
