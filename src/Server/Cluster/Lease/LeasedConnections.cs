using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;
using Wharf.Grains.Nodes;

namespace Wharf.Server.Cluster.Lease;

/// <summary>
/// Lets connections to other nodes read and flush only while the node holds its membership lease. One comparison for each read and each flush covers the calls of every grain.
/// </summary>
internal static class LeasedConnections
{
    /// <summary>Adds the lease to the connections of a silo.</summary>
    public static void AddLeasedConnections(this ISiloBuilder silo) => silo.Configure<SiloConnectionOptions>(static connections =>
    {
        connections.ConfigureSiloOutboundConnection(Add);
        connections.ConfigureSiloInboundConnection(Add);
        connections.ConfigureGatewayInboundConnection(Add);
    });

    /// <summary>Adds the lease to a connection.</summary>
    internal static IDuplexPipe Lease(this IDuplexPipe transport, MembershipLease lease, CancellationToken closed) => new Pipes(transport, lease, closed);

    private static void Add(IConnectionBuilder connections)
    {
        var lease = connections.ApplicationServices.GetRequiredService<MembershipLease>();
        connections.Use(next => async context =>
        {
            var open = context.Transport;
            context.Transport = open.Lease(lease, context.ConnectionClosed);
            try
            {
                await next(context);
            }
            finally
            {
                context.Transport = open;
            }
        });
    }

    private sealed class Pipes(IDuplexPipe open, MembershipLease lease, CancellationToken closed) : IDuplexPipe
    {
        public PipeReader Input { get; } = new Reader(open.Input, lease, closed);

        public PipeWriter Output { get; } = new Writer(open.Output, lease, closed);
    }

    private static async ValueTask RequireAsync(MembershipLease lease, CancellationToken closed, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(closed, cancellationToken);
        if (!await lease.WhenDecidedAsync(either.Token))
            throw new ConnectionAbortedException("this node was declared lost");
    }

    private sealed class Reader(PipeReader open, MembershipLease lease, CancellationToken closed) : PipeReader
    {
        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            var read = await open.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (!lease.IsHeld)
                await RequireAsync(lease, closed, cancellationToken).ConfigureAwait(false);
            return read;
        }

        public override bool TryRead(out ReadResult result)
        {
            result = default;
            return lease.IsHeld && open.TryRead(out result);
        }

        public override void AdvanceTo(SequencePosition consumed) => open.AdvanceTo(consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => open.AdvanceTo(consumed, examined);

        public override void CancelPendingRead() => open.CancelPendingRead();

        public override void Complete(Exception? exception = null) => open.Complete(exception);

        public override ValueTask CompleteAsync(Exception? exception = null) => open.CompleteAsync(exception);
    }

    private sealed class Writer(PipeWriter open, MembershipLease lease, CancellationToken closed) : PipeWriter
    {
        public override bool CanGetUnflushedBytes => open.CanGetUnflushedBytes;

        public override long UnflushedBytes => open.UnflushedBytes;

        public override void Advance(int bytes) => open.Advance(bytes);

        public override Memory<byte> GetMemory(int sizeHint = 0) => open.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => open.GetSpan(sizeHint);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
            lease.IsHeld ? open.FlushAsync(cancellationToken) : FlushLaterAsync(cancellationToken);

        public override void CancelPendingFlush() => open.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => open.Complete(exception);

        public override ValueTask CompleteAsync(Exception? exception = null) => open.CompleteAsync(exception);

        private async ValueTask<FlushResult> FlushLaterAsync(CancellationToken cancellationToken)
        {
            await RequireAsync(lease, closed, cancellationToken);
            return await open.FlushAsync(cancellationToken);
        }
    }
}
