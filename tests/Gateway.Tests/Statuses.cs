using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Wharf.Gateway.Errors;
using Wharf.Gateway.Telemetry;
using Wharf.Grains;
using Wharf.Grains.Logs;

namespace Wharf.Gateway.Tests;

public sealed class Statuses
{
    [Fact]
    public void A_missing_session_is_told_without_a_word()
    {
        var status = GatewayErrors.ToRpcException(Fault.NoSession);
        Assert.Equal("", status.Status.Detail);
        Assert.Empty(status.Trailers);
    }

    [Fact]
    public void Any_other_failure_is_there_twice()
    {
        var status = GatewayErrors.ToRpcException(new Fault(FaultCode.NotFound, "nothing here", "id-1"));
        Assert.Equal(Grpc.Core.StatusCode.NotFound, status.StatusCode);
        Assert.Contains("id-1", status.Status.Detail, StringComparison.Ordinal);
        var detail = Google.Rpc.Status.Parser.ParseFrom(status.Trailers.GetValueBytes("grpc-status-details-bin"));
        Assert.Equal((5, status.Status.Detail), (detail.Code, detail.Message));
    }

    [Fact]
    public void A_long_text_is_cut_by_what_it_takes_in_a_trailer()
    {
        var text = GatewayErrors.ToRpcException(new Fault(FaultCode.InvalidArgument, string.Concat(Enumerable.Repeat("ü", 5000)))).Status.Detail;
        Assert.InRange(Uri.EscapeDataString(text).Length, 2000, 3072);
        Assert.Equal(3072, GatewayErrors.ToRpcException(new Fault(FaultCode.InvalidArgument, new string('x', 5000))).Status.Detail.Length);
    }

    [Theory]
    [InlineData(typeof(OutOfMemoryException), FaultCode.ResourceExhausted)]
    [InlineData(typeof(InsufficientMemoryException), FaultCode.ResourceExhausted)]
    [InlineData(typeof(NotSupportedException), FaultCode.Internal)]
    internal async Task A_failed_allocation_is_exhaustion_and_no_defect(Type exception, FaultCode expected)
    {
        using var log = new TestLog();
        var faults = new FaultTranslation(
            new GatewayInstruments(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>()),
            new DefectLog(TimeProvider.System), TimeProvider.System, new LoggerFactory([log]).CreateLogger<FaultTranslation>());

        var direct = await faults.TranslateAsync((Exception)Activator.CreateInstance(exception)!, new DefaultHttpContext(), CancellationToken.None, "M");
        var wrapped = await faults.TranslateAsync(new AggregateException((Exception)Activator.CreateInstance(exception)!), new DefaultHttpContext(), CancellationToken.None, "M");

        Assert.Equal((expected, expected), (direct.Code, wrapped.Code));
    }

    [Fact]
    public void A_message_that_cannot_be_allocated_is_refused_as_exhaustion()
    {
        var marshaller = CheckedMarshaller.Of(Grpc.Core.Marshallers.Create<string>(static (_, _) => { }, static _ => throw new OutOfMemoryException()), "M");

        var refused = Assert.Throws<Grpc.Core.RpcException>(() => marshaller.ContextualDeserializer(null!));

        Assert.Equal(Grpc.Core.StatusCode.ResourceExhausted, refused.StatusCode);
    }
}
