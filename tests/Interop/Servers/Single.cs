namespace Wharf.Interop.Single;

public sealed class CurrentClient(StartedServer<SingleServer> started) : CurrentClient<SingleServer>(started);

public sealed class GuidePrograms(GuideServer<SingleServer> guide) : GuidePrograms<SingleServer>(guide);
