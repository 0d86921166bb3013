using Microsoft.Extensions.Logging;
using Wharf.Rpc;

namespace Wharf.Plugins;

/// <summary>One client's calls of one object.</summary>
internal sealed partial class RpcMessageHandler<TInterface>(TInterface instance, IMessageStream stream) : IMessageHandler
    where TInterface : class
{
    public async ValueTask OnMessageAsync(ReceivedMessage message, CancellationToken cancellationToken)
    {
        // A message that is not a call ends the stream, as in the guide: its sender does not expect an answer.
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
            // Nobody is there to be told.
        }
        catch (Exception failure)
        {
            try
            {
                Fail(call, failure);
            }
            catch (StreamClosedException)
            {
                // It has ended meanwhile.
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

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "The call failed")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
