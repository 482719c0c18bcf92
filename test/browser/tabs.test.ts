import { driveChromium } from './drive/chromium.js';
import { tabStories } from './tabs/stories.js';

tabStories(driveChromium);
