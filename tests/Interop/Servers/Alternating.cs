namespace Wharf.Interop.Alternating;

public sealed class CurrentClient(StartedServer<AlternatingGateways> started) : CurrentClient<AlternatingGateways>(started);

public sealed class GuidePrograms(GuideServer<AlternatingGateways> guide) : GuidePrograms<AlternatingGateways>(guide);
