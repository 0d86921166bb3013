using Wharf.Gateway.Authentication;
using Wharf.Grains;
using Wharf.Grains.Streams;
using Wire = Wharf.Protocol.Grpc;

namespace Wharf.Gateway.Streams;

/// <summary>Fetches an object: connects, reads its output, and expects that the object closes the stream.</summary>
internal sealed class ObjectFetch(ObjectConnector connector)
{
    /// <summary>Fetches an object.</summary>
    /// <returns>The last message of the object.</returns>
    /// <exception cref="FaultException">The connection failed, or the object sent no message, or it keeps the stream open.</exception>
    public async Task<Wire.ServerData> FetchAsync(CallSession session, InboundMessage connect, CancellationToken cancellationToken)
    {
        var (connection, output) = await connector.ConnectAsync(session, connect, cancellationToken);
        try
        {
            var outlet = new StreamOutlet(session, connection.Id);
            Wire.ServerData? last = null;
            while (true)
            {
                var parts = connection.Accept(output);
                long number = connection.Received - parts.Length;
                for (int index = 0; index < parts.Length; index++)
                    last = await outlet.ReadAsync(parts.Span[index], number + index, cancellationToken) ?? last;
                if (connection.End is not null || connection.IsConnected)
                    break;
                output = await connection.PullAsync(cancellationToken);
            }

            if (connection.End is { Fault: { } fault })
                throw new FaultException(fault);
            if (last is null)
                throw new FaultException(FaultCode.InvalidArgument, "The plugin sent no response");
            if (connection.End is null)
                throw new FaultException(FaultCode.InvalidArgument, "The object keeps its stream open; use MessageStream instead");
            return last;
        }
        finally
        {
            if (connection.End is null)
                await connection.DisconnectAsync(StreamEndReason.ClientClosed);
        }
    }
}
