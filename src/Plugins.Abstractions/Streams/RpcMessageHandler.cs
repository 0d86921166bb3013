using Microsoft.Extensions.Logging;
using Wharf.Rpc;

namespace Wharf.Plugins;

/// <summary>Handles the calls of one client of an object.</summary>
internal sealed partial class RpcMessageHandler<TInterface>(TInterface instance, IMessageStream stream) : IMessageHandler
    where TInterface : class
{
    public async ValueTask OnMessageAsync(ReceivedMessage message, CancellationToken cancellationToken)
    {
        // A message that is not a call ends the stream: its sender does not expect a reply.
        using var call = Read(message);
        try
        {
            await RpcContract<TInterface>.Instance.InvokeAsync(instance, call, cancellationToken);
        }
        catch (Exception failure) when (!stream.Closed.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            Fail(call, failure);
        }

        if (!call.Pushing.IsCompletedSuccessfully)
            _ = WatchAsync(call);
    }

    private RpcCall Read(ReceivedMessage message)
    {
        try
        {
            return RpcCall.Read(message.Payload, message.References, stream.Send, stream.Closed);
        }
        catch (RpcCallException wrong)
        {
            throw new PluginException(PluginStatus.InvalidArgument, wrong.Message, wrong);
        }
    }

    private async Task WatchAsync(RpcCall call)
    {
        try
        {
            await call.Pushing.ConfigureAwait(false);
        }
        catch (Exception) when (stream.Closed.IsCancellationRequested)
        {
            // The stream has ended, so there is no caller to receive the failure.
        }
        catch (Exception failure)
        {
            try
            {
                Fail(call, failure);
            }
            catch (StreamClosedException)
            {
                // The stream ended before the failure was sent.
            }
        }
    }

    private void Fail(RpcCall call, Exception failure)
    {
        LogFailed(stream.Logger, ExceptionText.ForLog(failure));
        call.Fail(ExceptionText.ForClient(failure), ExceptionText.Unwrap(failure) switch
        {
            PluginException known when Enum.IsDefined(known.Status) => (int)known.Status,
            RpcCallException => (int)PluginStatus.InvalidArgument,
            _ => null,
        });
    }

    [LoggerMessage(EventId = 4001, Level = LogLevel.Information, Message = "A call failed; its caller receives the error")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
