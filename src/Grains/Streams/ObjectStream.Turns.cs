using Wharf.Grains.Objects;
using Wharf.Grains.References;
using Wharf.Plugins;
using Wharf.Plugins.Hosting;

namespace Wharf.Grains.Streams;

/// <summary>The calls of a stream into plugin code, as turns of the object.</summary>
internal sealed partial class ObjectStream
{
    private static Fault ToFault(PluginFault fault) => new((FaultCode)fault.Code, fault.Message, fault.ErrorId);

    /// <summary>Marks the start of a handler: output on its own stream is a reply. Call this in the async method that makes the call.</summary>
    private TurnScope EnterHandler()
    {
        _inHandler = true;
        return TurnScope.Enter(_owner, _turns);
    }

    private void LeaveHandler(TurnScope scope)
    {
        _inHandler = false;
        scope.Leave();
    }

    private sealed class ConnectTurn(ObjectStream stream) : PluginTurn
    {
        public override string Name => "connect";

        public override CancellationToken Cancelled => stream.Closed;

        public override async ValueTask InvokeAsync(CancellationToken cancellationToken)
        {
            await stream._owner.Ready;
            var scope = stream.EnterHandler();
            try
            {
                switch (stream._owner.Type?.Type)
                {
                    case BidirectionalObjectType type:
                        stream._handler = await type.ConnectAsync(stream._owner.Instance, stream, cancellationToken)
                            ?? throw new InvalidOperationException($"the type {type.Name} returned no message handler");
                        break;
                    case FetchOnlyObjectType type:
                        var result = await type.FetchAsync(stream._owner.Instance, stream.Caller, cancellationToken)
                            ?? throw new InvalidOperationException($"the type {type.Name} returned no message");
                        stream.Send(result.Payload, result.References);
                        stream.Close();
                        break;
                    default:
                        throw new PluginException(PluginStatus.NotFound, "no object type recognizes the object");
                }
            }
            finally
            {
                stream.LeaveHandler(scope);
            }
        }

        public override void Completed(PluginFault? fault)
        {
            if (fault is not null)
                stream.End(StreamEndReason.Failed, ToFault(fault));
            bool isSilent;
            lock (stream._gate)
            {
                stream._connected = true;
                stream._waiters.OnChanged();
                isSilent = stream is { _end: null, _log.Next: 0 };
            }

            if (isSilent)
                ObjectLog.LogSilentConnect(stream._owner.LimitedLogger, stream._owner.Reference.TypeName, stream.StreamId);
        }
    }

    private sealed class MessageTurn(ObjectStream stream, ReadOnlyMemory<byte> payload, IReadOnlyList<ServerObject> references, long end) : PluginTurn
    {
        public override string Name => "message";

        public override CancellationToken Cancelled => stream.Closed;

        public override async ValueTask InvokeAsync(CancellationToken cancellationToken)
        {
            if (stream._handler is not { } handler)
                return;
            var scope = stream.EnterHandler();
            try
            {
                await handler.OnMessageAsync(new ReceivedMessage(payload, references, stream.Caller), cancellationToken);
            }
            finally
            {
                stream.LeaveHandler(scope);
            }
        }

        public override void Completed(PluginFault? fault)
        {
            ReleaseReferences();
            if (fault is not null)
                stream.End(StreamEndReason.Failed, ToFault(fault));
            bool more;
            lock (stream._gate)
            {
                // The bytes of a stream that has ended are not counted any more.
                stream._input.Complete(end, stream._end is null ? payload.Length : 0);
                if (stream._end is null)
                    stream.ChargeQueues(added: 0);
                stream._waiters.OnChanged();
                more = stream._input.HasPending;
            }

            if (more && stream.Dispatch())
                stream._turns.Begin();
        }

        /// <summary>Releases the references of the message.</summary>
        public void ReleaseReferences()
        {
            foreach (var reference in references)
                reference.Expire();
        }
    }

    private sealed class HalfCloseTurn(ObjectStream stream) : PluginTurn
    {
        public override string Name => "half-close";

        public override CancellationToken Cancelled => stream.Closed;

        public override ValueTask InvokeAsync(CancellationToken cancellationToken)
        {
            stream.End(StreamEndReason.ClientClosed, null);
            return ValueTask.CompletedTask;
        }

        public override void Completed(PluginFault? fault)
        {
            // After too long a wait behind a blocked handler, the half-close fails as messages do.
            if (fault is not null)
                stream.End(StreamEndReason.Failed, ToFault(fault));
        }
    }

    /// <summary>Notifies the plugin of the end of the stream: exactly once, after the last handler, if the plugin accepted the stream.</summary>
    private sealed class CloseTurn(ObjectStream stream, CloseReason reason) : PluginTurn
    {
        public override string Name => "close";

        public override bool MustRun => true;

        public override async ValueTask InvokeAsync(CancellationToken cancellationToken)
        {
            if (stream._handler is not { } handler)
                return;
            var scope = stream.EnterHandler();
            try
            {
                await handler.OnClosedAsync(reason, cancellationToken);
            }
            finally
            {
                stream.LeaveHandler(scope);
            }
        }

        public override void Completed(PluginFault? fault)
        {
            if (fault is not null)
                ObjectLog.LogCallFailed(stream._owner.LimitedLogger, Name, fault.Message);
            lock (stream._gate)
                stream._closeHandled = true;
            stream._owner.OnStreamClosed(stream);
        }
    }
}
